import { isObject, jsonText } from "../format/json.js";

/** Beyond this many pairs of elements two arrays are compared place by place. */
const mostPairs = 250_000;

/**
 * What changed from one JSON value to another: a list of {path, kind, before, after}, kind "added",
 * "removed" or "changed", members by name. Paths read like `constraints.department` and `rules[1]`.
 */
export function jsonDiff(before, after, path = "") {
  if (isObject(before) && isObject(after)) return objectDiff(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) return arrayDiff(before, after, path);
  return jsonText(before) === jsonText(after) ? [] : [{ path, kind: "changed", before, after }];
}

function objectDiff(before, after, path) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const place = memberPath(path, name);
    if (!Object.hasOwn(before, name)) return [{ path: place, kind: "added", after: after[name] }];
    if (!Object.hasOwn(after, name)) return [{ path: place, kind: "removed", before: before[name] }];
    return jsonDiff(before[name], after[name], place);
  });
}

function memberPath(path, name) {
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

/** Elements that stayed are told by a longest common subsequence; between them they pair up. */
function arrayDiff(before, after, path) {
  const kept = commonElements(before.map(jsonText), after.map(jsonText));
  const changes = [];
  let [from, to] = [0, 0];
  for (const [i, j] of [...kept, [before.length, after.length]]) {
    changes.push(...runDiff(before, [from, i], after, [to, j], path));
    [from, to] = [i + 1, j + 1];
  }
  return changes;
}

function runDiff(before, [from, fromEnd], after, [to, toEnd], path) {
  const removed = before.slice(from, fromEnd);
  const added = after.slice(to, toEnd);
  const paired = Math.min(removed.length, added.length);
  return [
    ...added.slice(0, paired).flatMap((value, index) => jsonDiff(removed[index], value, `${path}[${to + index}]`)),
    ...removed.slice(paired).map((value, index) => ({ path: `${path}[${from + paired + index}]`, kind: "removed", before: value })),
    ...added.slice(paired).map((value, index) => ({ path: `${path}[${to + paired + index}]`, kind: "added", after: value })),
  ];
}

/** The places [i, j] of a longest common subsequence, in order. */
function commonElements(before, after) {
  if (before.length * after.length > mostPairs) return samePlaces(before, after);
  const lengths = commonLengths(before, after);
  const places = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) places.push([i++, j++]);
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  return places;
}

const samePlaces = (before, after) =>
  before.flatMap((text, index) => (text === after[index] ? [[index, index]] : []));

function commonLengths(before, after) {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = before[i] === after[j]
        ? lengths[i + 1][j + 1] + 1
        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}
