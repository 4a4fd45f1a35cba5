import { choice, list, object, text, word } from "../../frame/value";
import type { Inventory } from "../rest/inventory";
import { objectsOf, type Call, type Field } from "../rest/operation";
import { ofClass } from "../rest/wire";

/** Labels, and how urgent a message is: what alarms, event subscriptions and their like have in common (section 6.5). */

/** What an alarm or an event is narrowed down by. */
export interface Label {
  uuid: string;
  key: string;
  op: string;
  value: string;
}

export const LABELS: Field = { name: "labels", type: "objects" };
export const LABELS_MEMBER = list(
  "What it is narrowed down by.",
  object<Label>(
    "A label.",
    {
      uuid: word("Its id."),
      key: text("What is compared."),
      op: word("Equal or Regex."),
      value: text("With what."),
    },
    "member of a label",
  ),
);

/** Reads `labels` of a create call: `op` is `Equal` unless said otherwise. */
export function wantedLabels({ params, context }: Call): Label[] {
  return (objectsOf(params, "labels") ?? []).map(({ key = "", op = "Equal", value = "" }) => ({
    uuid: context.random.uuid(),
    key,
    op,
    value,
  }));
}

/** @param className the server's class */
export function labelInventory({ uuid, key, op, value }: Label, className: string): Inventory {
  return ofClass(className, { uuid, key, operator: op, value });
}

const LEVELS = ["Emergent", "Important", "Normal"] as const;
export const EMERGENCY_LEVEL: Field = { name: "emergencyLevel", type: "string", values: LEVELS };
export const EMERGENCY_LEVEL_MEMBER = choice("How urgent it is.", LEVELS);
