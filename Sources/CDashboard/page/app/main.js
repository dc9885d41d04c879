import { API } from "../data/api.js";
import { Client } from "../data/client.js";
import { StatusStream } from "../data/stream.js";
import { byId } from "../dom/elements.js";
import { startHints } from "../dom/hints.js";
import { zone } from "../format/time.js";
import { Address } from "./address.js";
import { App } from "./app.js";
import { startJumps } from "./jumps.js";
import { themeSwitch } from "./theme.js";

themeSwitch(byId("theme"));
startHints();
startJumps();
byId("zone").textContent = zone;
new App(new API(new Client()), new StatusStream(), new Address()).start();
