// Figures as people read them. No DOM here.

/** @param {number | null | undefined} share */
export function percent(share) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** @param {number} seconds */
export function time(seconds) {
  const minutes = Math.round(seconds / 60);
  return seconds < 60 ? `${Math.round(seconds)} s` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")} h`;
}

/** @param {number} sum @param {number} count */
export function each(sum, count) {
  return count ? (sum / count).toFixed(1) : "–";
}

/**
 * The finished pictures of each day, in order and without holes, and the people in them.
 * @param {{day: string, user: string, finished: number}[]} rows
 */
export function byDay(rows) {
  const people = [...new Set(rows.map((row) => row.user))].sort();
  const days = [...new Set(rows.map((row) => row.day))].sort();
  if (!days.length) return { people, days: [] };
  const found = [];
  const last = Date.parse(days[days.length - 1]);
  for (let at = Date.parse(days[0]); at <= last; at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    const counts = people.map((user) => rows.filter((row) => row.day === day && row.user === user).reduce((sum, row) => sum + row.finished, 0));
    found.push({ day, counts, total: counts.reduce((sum, count) => sum + count, 0) });
  }
  return { people, days: found };
}

/** A round number at or above a value, for the top of a chart. @param {number} value */
export function roundUp(value) {
  if (value <= 5) return 5;
  const step = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * step).find((top) => top >= value) ?? value;
}
