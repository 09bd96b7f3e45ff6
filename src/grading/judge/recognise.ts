// Recognises a misconception by what it does: the answer's results on the calls of the visible tests equal the
// misconception's on every one.
import type { CallResult, CallTarget, HostCall } from "../../runtime/index.ts";
import type { MisconceptionProbes, ProbeCall, ProbeResult } from "../types.ts";
import { decodeValue, encodeValue, sameValue } from "../values.ts";

/** Whether two results are the same; a call that throws equals only another that throws. */
export function sameResult(a: ProbeResult, b: ProbeResult): boolean {
  if (!a.ok || !b.ok) return a.ok === b.ok;
  return sameValue(decodeValue(a.value), decodeValue(b.value));
}

/** Makes the calls in order and gives each result as it comes. */
export async function* replay(calls: readonly ProbeCall[], call: HostCall): AsyncGenerator<ProbeResult> {
  const objects: (number | undefined)[] = [];
  for (const probe of calls) {
    const target = targetOf(probe, objects);
    const result = target === null ? null : await call(target, probe.args.map(decodeValue));
    objects.push(result?.ok === true ? result.object : undefined);
    yield probeResult(result);
  }
}

function targetOf(probe: ProbeCall, objects: readonly (number | undefined)[]): CallTarget | null {
  if (probe.object === undefined) {
    return probe.construct === true ? { name: probe.name, construct: true } : { name: probe.name };
  }
  const object = objects[probe.object];
  return object === undefined ? null : { object, method: probe.name };
}

function probeResult(result: CallResult | null): ProbeResult {
  if (result === null || !result.ok) return { ok: false };
  try {
    return { ok: true, value: encodeValue(result.object === undefined ? result.value : undefined) };
  } catch {
    return { ok: false };
  }
}

/** Ids of the misconceptions whose results the answer repeats on every call. */
export async function recognise(probes: MisconceptionProbes, call: HostCall): Promise<string[]> {
  let candidates = probes.outcomes.filter(({ results }) => results.length === probes.calls.length);
  let index = 0;
  for await (const result of replay(probes.calls, call)) {
    const at = index++;
    candidates = candidates.filter(({ results }) => sameResult(results[at]!, result));
    if (candidates.length === 0) return [];
  }
  return index === 0 ? [] : candidates.map(({ misconception }) => misconception);
}
