import { Refresher } from "../data/refresher.js";
import { Resource } from "../data/resource.js";
import { Session } from "../data/session.js";
import { byId } from "../dom/elements.js";
import { AlertsSection } from "../sections/alerts.js";
import { ConnectionBanner } from "../sections/connection.js";
import { ConversionsSection } from "../sections/conversions.js";
import { Choice } from "../sections/controls.js";
import { Emptiness } from "../sections/emptiness.js";
import { FiringStrip } from "../sections/firing.js";
import { OverviewSection } from "../sections/overview.js";
import { PatternsSection } from "../sections/patterns.js";
import { SystemPicker } from "../sections/picker.js";
import { PoliciesSection } from "../sections/policies.js";
import { PolicySheet } from "../sections/policy-sheet.js";
import { SourcesSection } from "../sections/sources.js";
import { TokenDialog } from "../sections/token-dialog.js";
import { WorkerSection } from "../sections/worker.js";
import { Follower } from "./follow.js";
import { rangeOf, ranges } from "./ranges.js";
import { View } from "./view.js";

const mostSystems = 3000;
const systemsEvery = 60_000;
const temporaryPause = 2;

/** Puts together what is read, what is chosen and what is shown. */
export class App {
  #systems = new Resource();
  #isDrawing = false;

  constructor(api, stream, address) {
    this.api = api;
    this.stream = stream;
    this.address = address;
    this.refresher = new Refresher((input) => this.#load(input));
    this.follower = new Follower(stream, (input) => this.refresher.touch(input));
    this.#makeSections();
  }

  start() {
    this.address.changed.watch(() => this.#follow());
    this.stream.connection.watch((connection) => this.#connectionMoved(connection));
    setInterval(() => !document.hidden && this.#loadSystems(), systemsEvery);
    this.stream.start();
    this.#follow();
    this.#loadSystems();
  }

  #makeSections() {
    const { address, stream } = this;
    this.sections = [
      new FiringStrip(), new OverviewSection(), new SourcesSection(), new AlertsSection(),
      new PatternsSection(), new PoliciesSection(address), new ConversionsSection(),
    ];
    this.worker = new WorkerSection(stream);
    this.sheet = new PolicySheet(this.api, address);
    this.banner = new ConnectionBanner(stream, () => this.#again());
    this.token = new TokenDialog(() => this.#again());
    this.emptiness = new Emptiness();
    this.picker = new SystemPicker({
      choose: (system) => address.set({ system, policy: "", from: "", to: "" }),
      opened: () => this.#loadSystems(),
    });
    this.ranges = new Choice({
      label: "Range", chosen: "", choose: (range) => address.set({ range }),
      choices: ranges.map(({ id, label, name }) => ({ id, label, name })),
    });
    byId("ranges").append(this.ranges.element);
  }

  /** What the address names is what is shown. */
  #follow() {
    const { system, range: id } = this.address.value;
    const range = rangeOf(id);
    this.ranges.show(range.id);
    document.title = system ? `${system} · System5` : "System5";
    if (system !== this.session?.system || range !== this.session?.range) this.#open(system, range);
    this.sheet.show(this.address.value);
    this.#draw();
  }

  #open(system, range) {
    this.refresher.reset();
    const changed = () => this.#draw();
    this.session = system ? new Session(this.api, { system, range }, changed) : undefined;
    this.follower.follow(this.session);
    this.#touchAll();
  }

  #touchAll() {
    for (const input of this.session?.inputs ?? []) this.refresher.touch(input);
  }

  /** Answers in how many seconds to ask again by itself: a takeover ends without a word. */
  async #load(input) {
    // What nobody sees is read when somebody looks again: the stream comes back then.
    if (document.hidden) return undefined;
    const { session } = this;
    await session.load(input);
    if (session !== this.session) return undefined;
    if (input === "policy") this.sheet.refresh();
    const passing = session.problems.filter(({ isTemporary }) => isTemporary);
    if (passing.length === 0) return undefined;
    return Math.max(...passing.map(({ retryAfter }) => retryAfter ?? temporaryPause));
  }

  async #loadSystems() {
    await this.#systems.load(() => this.api.systems(mostSystems));
    this.#chooseFirst();
    this.#draw();
  }

  /** Without a choice in the address: a system that lacks variety, else the first. */
  #chooseFirst() {
    const systems = this.#systems.body?.systems ?? [];
    if (this.address.value.system || systems.length === 0) return;
    const first = systems.find(({ requisite_variety_met: isMet }) => isMet === false) ?? systems[0];
    this.address.set({ system: first.system }, { replace: true });
  }

  #connectionMoved({ state }) {
    if (state === "live") this.#refresh();
    this.#draw();
  }

  #refresh() {
    this.#loadSystems();
    this.#touchAll();
  }

  #again() {
    this.stream.retry();
    this.#refresh();
  }

  /** At the next frame, however many answers come until then. */
  #draw() {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#show();
    });
  }

  #show() {
    this.picker.show(this.#systems.body?.systems ?? [], this.address.value.system);
    const problems = [this.#systems.problem, ...(this.session?.problems ?? [])].filter(Boolean);
    const { state } = this.stream.connection.value;
    if (state === "refused" || problems.some(({ needsToken }) => needsToken)) this.token.ask();
    this.banner.show(problems);
    this.emptiness.show(this.#systems, this.session);
    if (!this.session) return;
    const view = new View(this.session);
    for (const section of this.sections) section.show(view);
  }
}
