import type { Context } from "./context";
import { renderDate } from "./dates";
import type { Dated } from "./store";

/** An object in an answer. Members that are `undefined` do not reach the wire. */
export type Inventory = Record<string, unknown>;

/** createDate and lastOpDate as the node prints them. */
export function dates(row: Dated, { switches }: Context): Inventory {
  const render = (ms: number | undefined): string | number | undefined =>
    ms === undefined ? undefined : renderDate(ms, switches);
  return { createDate: render(row.createdMs), lastOpDate: render(row.lastOpMs) };
}
