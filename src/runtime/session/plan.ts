// Which cells have to run before a cell can.

export interface PlanCell {
  id: string;
  needs: readonly string[];
  /** Those of `needs` whose objects it may change in place. */
  changes: readonly string[];
  /**
   * `fresh`: the kernel holds its names as they should be. `lost`: what it shows is right, but the kernel that held
   * its names is gone. `due`: never ran, is stale, failed or was stopped.
   */
  state: "fresh" | "lost" | "due";
}

export interface PlanStep {
  id: string;
  /** Runs for its names only: what it shows is right already. */
  quiet: boolean;
}

/**
 * The cells to run before `target`, in document order: those it needs, directly or not, that are not fresh.
 *
 * After a kernel was lost, cells above that may have changed in place what the target needs run again too: a cell
 * that trains a model need not give a name for that. Without it the target would see an untrained model.
 */
export function stepsBefore(target: string, cells: readonly PlanCell[]): PlanStep[] {
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const needed = closure(byId.get(target)?.needs ?? [], byId, () => true);
  const steps = closure(byId.get(target)?.needs ?? [], byId, (cell) => cell.state !== "fresh");

  const above = cells.slice(
    0,
    cells.findIndex(({ id }) => id === target),
  );
  for (const cell of above) {
    if (cell.state !== "lost" || steps.has(cell.id)) continue;
    const missing = closure(cell.needs, byId, (need) => need.state !== "fresh");
    const replayable = [...missing].every((id) => steps.has(id) || byId.get(id)?.state === "lost");
    const touches = cell.changes.some((id) => needed.has(id));
    if (!replayable || !touches) continue;
    for (const id of [...missing, cell.id]) steps.add(id);
  }
  return above.filter(({ id }) => steps.has(id)).map(({ id, state }) => ({ id, quiet: state === "lost" }));
}

/** Everything that `starts` lead to by way of needs, passing only through cells that `enters` lets in. */
export function closure(
  starts: readonly string[],
  byId: ReadonlyMap<string, PlanCell>,
  enters: (cell: PlanCell) => boolean,
): Set<string> {
  const found = new Set<string>();
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const cell = byId.get(id);
    if (!cell || found.has(id) || !enters(cell)) continue;
    found.add(id);
    open.push(...cell.needs);
  }
  return found;
}
