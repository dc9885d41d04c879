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

const added = (path, after) => ({ path, kind: "added", after });
const removed = (path, before) => ({ path, kind: "removed", before });

function objectDiff(before, after, path) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const place = memberPath(path, name);
    if (!Object.hasOwn(before, name)) return [added(place, after[name])];
    if (!Object.hasOwn(after, name)) return [removed(place, before[name])];
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
  const gone = before.slice(from, fromEnd);
  const come = after.slice(to, toEnd);
  const paired = Math.min(gone.length, come.length);
  const at = (start) => (value, index) => [`${path}[${start + paired + index}]`, value];
  return [
    ...come.slice(0, paired).flatMap((value, index) =>
      jsonDiff(gone[index], value, `${path}[${to + index}]`)),
    ...gone.slice(paired).map(at(from)).map(([place, value]) => removed(place, value)),
    ...come.slice(paired).map(at(to)).map(([place, value]) => added(place, value)),
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
  const row = () => new Uint32Array(after.length + 1);
  const lengths = Array.from({ length: before.length + 1 }, row);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = before[i] === after[j]
        ? lengths[i + 1][j + 1] + 1
        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}
