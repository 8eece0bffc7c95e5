// Edits that the server has not yet, kept in the browser over reloads, crashes and lost connections (IndexedDB).

const NAME = "annotate";
const STORE = "pending";

/** @typedef {{image: string, user: string, name: string, base_rev: number, base: any[], regions: any[], status: string}} Pending */

/** What IndexedDB offers, or memory alone where the browser refuses it (some private windows). */
export async function openStorage() {
  try {
    return new Stored(await opened());
  } catch {
    return new InMemory();
  }
}

class Stored {
  constructor(db) {
    this.db = db;
    this.lasting = true;
  }

  /** @param {string} user @returns {Promise<Pending[]>} */
  async all(user) {
    const found = await done(this.db.transaction(STORE).objectStore(STORE).getAll());
    return found.filter((one) => one.user === user);
  }

  /** @param {Pending} pending */
  async put(pending) {
    await done(this._writing().put(pending));
  }

  async remove(user, image) {
    await done(this._writing().delete([user, image]));
  }

  _writing() {
    return this.db.transaction(STORE, "readwrite").objectStore(STORE);
  }
}

export class InMemory {
  constructor() {
    this.lasting = false;
    this.kept = new Map();
  }

  async all(user) {
    return [...this.kept.values()].filter((one) => one.user === user);
  }

  async put(pending) {
    this.kept.set(`${pending.user}/${pending.image}`, structuredClone(pending));
  }

  async remove(user, image) {
    this.kept.delete(`${user}/${image}`);
  }
}

function opened() {
  const asking = indexedDB.open(NAME, 1);
  asking.onupgradeneeded = () => asking.result.createObjectStore(STORE, { keyPath: ["user", "image"] });
  return done(asking);
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    if ("onblocked" in request) request.onblocked = () => reject(new Error("blocked"));
  });
}
