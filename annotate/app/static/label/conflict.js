// Two people have saved the same picture: what each did, and what to propose. Pure.

import { sameRegion } from "./regions.js";

/**
 * @typedef {Object} Difference
 * @property {string} id
 * @property {import("./regions.js").Region|null} mine null when I have removed it
 * @property {import("./regions.js").Region|null} theirs null when they have
 * @property {"mine"|"theirs"} proposed
 * @property {boolean} both whether both have changed it
 */

/**
 * What differs between my regions and the stored ones, and whose change it is.
 * @param {import("./regions.js").Region[]} base what I began with
 * @returns {Difference[]}
 */
export function differences(base, mine, theirs) {
  const [before, here, there] = [base, mine, theirs].map((some) => new Map(some.map((region) => [region.id, region])));
  const ids = new Set([...theirs, ...mine].map((region) => region.id));
  const found = [];
  for (const id of ids) {
    const [old, one, other] = [before.get(id) ?? null, here.get(id) ?? null, there.get(id) ?? null];
    if (equal(one, other)) continue;
    const iDid = !equal(old, one);
    const theyDid = !equal(old, other);
    found.push({ id, mine: one, theirs: other, proposed: iDid ? "mine" : "theirs", both: iDid && theyDid });
  }
  return found;
}

/** The regions after each difference was decided, in my order, theirs at the end. */
export function decided(mine, theirs, choices) {
  const there = new Map(theirs.map((region) => [region.id, region]));
  const known = new Set(mine.map((region) => region.id));
  const kept = [];
  for (const region of mine) {
    const chosen = choices.get(region.id) === "theirs" ? there.get(region.id) : region;
    if (chosen) kept.push(chosen);
  }
  for (const region of theirs) {
    if (!known.has(region.id) && choices.get(region.id) !== "mine") kept.push(region);
  }
  return kept;
}

function equal(one, other) {
  return one === null || other === null ? one === other : sameRegion(one, other);
}
