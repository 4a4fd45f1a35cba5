import { choice, text } from "../../frame/value";
import { checkResourceUuid, CREATE_FIELDS, newUuid } from "../rest/checks";
import type { Context } from "../rest/context";
import { dates, type Inventory } from "../rest/inventory";
import { query, requiredText, textOf, type Command } from "../rest/operation";
import { part } from "../rest/part";
import { isOwn, queryTarget } from "../rest/query-target";
import { ACCOUNT_MEMBER, resourceTable, UUID_MEMBER, type Dated } from "../rest/store";
import { ofClass } from "../rest/wire";

/** A tag pattern; only those of type `simple` can be attached without tokens (section 8). */
export interface TagPattern extends Dated {
  uuid: string;
  name: string;
  value: string;
  description: string | undefined;
  color: string | undefined;
  type: string;
  accountUuid: string;
}

export const tagPatterns = resourceTable<"tagPatterns", TagPattern>("tagPatterns", "TagPatternVO", {
  noun: "tag pattern",
  members: {
    uuid: UUID_MEMBER,
    name: text("Its name."),
    value: text("Its value; the name by default."),
    description: text("Its description.").optional(),
    color: text("Its colour.").optional(),
    type: choice("Only simple ones can be attached without tokens.", ["simple", "withToken"]),
    accountUuid: ACCOUNT_MEMBER,
  },
  defaults: ({ uuid, accountUuid }, { name = "tag" }) => ({
    uuid: uuid(),
    name: "tag",
    value: name,
    description: undefined,
    color: undefined,
    type: "simple",
    accountUuid,
  }),
});

/** A tag pattern as answers show it. */
export function tagPatternInventory(row: TagPattern, context: Context): Inventory {
  const { uuid, name, value, description, color, type } = row;
  return ofClass("org.zstack.header.tag.TagPatternInventory", {
    uuid,
    name,
    value,
    description,
    color,
    type,
    ...dates(row, context),
  });
}

/** Section 8. */
const create: Command = {
  name: "CreateTag",
  method: "POST",
  paths: ["/tags"],
  kind: "async",
  wrapper: "params",
  changing: true,
  fields: [
    { name: "name", type: "string", required: true, maxChars: 128 },
    { name: "value", type: "string", required: true, maxChars: 128 },
    { name: "description", type: "string", maxChars: 2048 },
    { name: "color", type: "string" },
    { name: "type", type: "string", values: ["simple", "withToken"] },
    ...CREATE_FIELDS,
  ],
  run: (call) => {
    const { params, context, caller } = call;
    checkResourceUuid(textOf(params, "resourceUuid"));
    const table = context.store.of(tagPatterns);
    const row = table.add({
      uuid: newUuid(call),
      name: requiredText(params, "name"),
      value: requiredText(params, "value"),
      description: textOf(params, "description"),
      color: textOf(params, "color"),
      type: textOf(params, "type") ?? "simple",
      accountUuid: caller.accountUuid,
    });
    return { inventory: tagPatternInventory(row, context) };
  },
};

const target = queryTarget<TagPattern>({
  table: tagPatterns,
  isSeen: isOwn,
  members: ["uuid", "name", "value", "description", "color", "type"],
  key: (row) => row.uuid,
  render: tagPatternInventory,
});

/** A pattern is deleted by the call that deletes tags. */
export const tagPattern = part({
  tables: [tagPatterns],
  operations: [create, query("QueryTag", "/tags", target)],
});
