const pollEvery = 5000;

/**
 * Says when an input of the system that is shown has moved: by the worker's statuses where they
 * cover its partition, and by asking every few seconds where another worker owns it or the
 * stream is not there.
 */
export class Follower {
  #seen = new Map();

  constructor(stream, touch) {
    this.stream = stream;
    this.touch = touch;
    stream.status.watch((status) => this.#compare(status));
    setInterval(() => this.#poll(), pollEvery);
  }

  follow(session) {
    this.session = session;
    this.#seen = new Map();
  }

  #compare(status) {
    for (const input of this.session?.inputs ?? []) {
      const shard = shardOf(status, this.session.position(input));
      if (!shard) continue;
      const before = this.#seen.get(input);
      this.#seen.set(input, shard.offset);
      if (before !== shard.offset) this.touch(input);
    }
  }

  #poll() {
    if (!this.session || document.hidden) return;
    const isLive = this.stream.connection.value.state === "live";
    for (const input of this.session.inputs) {
      const shard = shardOf(this.stream.status.value, this.session.position(input));
      if (!isLive || !shard) this.touch(input);
    }
  }
}

function shardOf(status, position) {
  if (!status || !position) return undefined;
  return status.shards.find(
    ({ topic, partition }) => topic === position.topic && partition === position.partition,
  );
}
