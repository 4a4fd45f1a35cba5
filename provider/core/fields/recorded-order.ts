import type { FieldTable } from "./fields";

/** What a server shows, in the order in which it was written down: elements that mean the same keep the position that paths name. */
export function inRecordedOrder(
  fields: FieldTable,
  live: Readonly<Record<string, unknown>>,
  recorded: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entries = Object.entries(live).map(([name, value]) => {
    const before = recorded[name];
    const type = fields[name]?.type;
    const ordered: unknown =
      type?.inOrderOf !== undefined && Array.isArray(value) && Array.isArray(before)
        ? type.inOrderOf(value, before)
        : value;
    return [name, ordered] as const;
  });
  return Object.fromEntries(entries);
}
