import assert from "node:assert/strict";
import test from "node:test";
import { ApiError, OfflineError } from "../../../../annotate/app/static/label/api.js";
import { InMemory } from "../../../../annotate/app/static/label/storage.js";
import { Sync } from "../../../../annotate/app/static/label/sync.js";

/** A server that keeps one picture, and can be away. */
class Server {
  constructor() {
    this.rev = 0;
    this.regions = [];
    this.away = null;
    this.losesAnswers = false;
    this.saves = 0;
  }

  async save(_image, base_rev, regions) {
    await null;
    if (this.away) throw this.away;
    if (base_rev !== this.rev && JSON.stringify(regions) !== JSON.stringify(this.regions)) {
      throw new ApiError(409, { detail: "stale", doc: { rev: this.rev, regions: this.regions } });
    }
    if (JSON.stringify(regions) !== JSON.stringify(this.regions)) {
      this.rev++;
      this.regions = regions;
    }
    this.saves++;
    if (this.losesAnswers) {
      this.losesAnswers = false;
      throw new OfflineError("cut off");
    }
    return { rev: this.rev, mended: [] };
  }
}

const change = (regions, base_rev = 0) => ({ image: "a", name: "a.jpg", base_rev, base: [], regions, status: "todo" });

function shop(t, server = new Server(), storage = new InMemory(), events = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return { server, storage, sync: new Sync(server, storage, "wang", events) };
}

test("put: is saved soon, and nothing waits then", async (t) => {
  const { server, storage, sync } = shop(t);
  sync.put(change([1]));
  assert.equal(sync.state, "saving");
  await sync.flush();
  assert.deepEqual(server.regions, [1]);
  assert.equal(sync.state, "saved");
  assert.deepEqual(await storage.all("wang"), []);
});

test("put: while a save is on its way is saved after it, on top of it", async (t) => {
  const { server, sync } = shop(t);
  sync.put(change([1]));
  const first = sync.flush("a");
  sync.put(change([1, 2]));
  await first;
  assert.deepEqual(server.regions, [1, 2]);
  assert.equal(server.rev, 2);
  assert.equal(sync.waiting, 0);
});

test("a server that is away: edits are kept and sent when it is back", async (t) => {
  const { server, storage, sync } = shop(t);
  server.away = new OfflineError("away");
  sync.put(change([1]));
  await sync.flush();
  sync.put(change([1, 2]));
  await sync.flush();
  assert.equal(sync.state, "offline");
  await sync.keep();
  assert.deepEqual((await storage.all("wang"))[0].regions, [1, 2]);
  server.away = null;
  t.mock.timers.tick(60_000);
  await sync.flush();
  assert.deepEqual(server.regions, [1, 2]);
  assert.equal(sync.state, "saved");
});

test("a browser that crashed: the next visit sends what was kept", async (t) => {
  const { server, storage, sync } = shop(t);
  server.away = new OfflineError("away");
  sync.put(change([7]));
  await sync.flush();
  await sync.keep();
  server.away = null;
  const next = new Sync(server, storage, "wang");
  await next.recover();
  assert.deepEqual(server.regions, [7]);
  assert.deepEqual(await storage.all("wang"), []);
});

test("what one person left is not sent in another's name", async (t) => {
  const { server, storage, sync } = shop(t);
  server.away = new OfflineError("away");
  sync.put(change([7]));
  await sync.flush();
  await sync.keep();
  server.away = null;
  await new Sync(server, storage, "li").recover();
  assert.deepEqual(server.regions, []);
});

test("an answer that gets lost: the same save again is no conflict", async (t) => {
  const { server, sync } = shop(t);
  server.losesAnswers = true;
  sync.put(change([1]));
  await sync.flush();
  assert.equal(sync.state, "offline");
  await sync.flush();
  assert.equal(sync.state, "saved");
  assert.equal(server.rev, 1);
});

test("full disk, server error: kept and tried again", async (t) => {
  const { server, sync } = shop(t);
  server.away = new ApiError(503, { detail: "disk full" });
  sync.put(change([1]));
  await sync.flush();
  assert.equal(sync.state, "unsaved");
  assert.equal(sync.message, "disk full");
  server.away = null;
  await sync.flush();
  assert.deepEqual(server.regions, [1]);
});

test("logged out: kept and told", async (t) => {
  const { server, sync } = shop(t);
  server.away = new ApiError(401, { detail: "log in first" });
  sync.put(change([1]));
  await sync.flush();
  assert.equal(sync.state, "login");
  assert.equal(sync.waiting, 1);
});

test("conflict: nothing is sent until it is decided, then on top of what is stored", async (t) => {
  const told = [];
  const { server, sync } = shop(t, undefined, undefined, { onConflict: (mine, doc) => told.push([mine.regions, doc.regions]) });
  server.rev = 5;
  server.regions = ["theirs"];
  sync.put(change(["mine"]));
  await sync.flush();
  assert.equal(sync.state, "conflict");
  assert.deepEqual(told, [[["mine"], ["theirs"]]]);
  await sync.flush();
  assert.deepEqual(server.regions, ["theirs"]);
  await sync.resolve("a", ["theirs", "mine"], "todo", { rev: 5, regions: ["theirs"] });
  assert.deepEqual(server.regions, ["theirs", "mine"]);
  assert.equal(sync.state, "saved");
});

test("refused: kept, and tried again after the next change", async (t) => {
  const { server, sync } = shop(t);
  server.away = new ApiError(422, { detail: "no area" });
  sync.put(change(["bad"]));
  await sync.flush();
  assert.equal(sync.state, "refused");
  server.away = null;
  sync.put(change(["good"]));
  await sync.flush();
  assert.deepEqual(server.regions, ["good"]);
});
