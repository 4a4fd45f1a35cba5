import type { Tag } from "../entities";
import { errorBody } from "../error-body";
import { ApiFailure, invalid, notFound, refused } from "../errors";
import { tagInventory, tagPatternInventory, type Inventory } from "../inventory";
import { listOf, query, requiredText, textOf, type Call, type Command, type Operation } from "../operation";
import { CREATE_FIELDS } from "../params";
import { tagPatternTarget, tagTarget } from "../targets";
import { checkResourceUuid, DELETE_MODE, newUuid } from "./checks";

/** Section 8. */
const createPattern: Command = {
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
    const row = context.store.tagPatterns.add({
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

/** One result per resource, and HTTP 200 even if some failed (section 8). */
const attach: Command = {
  name: "AttachTagToResources",
  method: "POST",
  paths: ["/tags/{tagUuid}/resources"],
  kind: "async",
  wrapper: "params",
  changing: true,
  fields: [
    { name: "tagUuid", type: "string", required: true, refersTo: "TagPatternVO" },
    { name: "resourceUuids", type: "list", required: true, nonEmpty: true },
    { name: "tokens", type: "map" },
  ],
  run: (call) => {
    const uuids = listOf(call.params, "resourceUuids") ?? [];
    return { results: [...new Set(uuids)].map((uuid) => attachOne(call, uuid)) };
  },
};

function attachOne(call: Call, resourceUuid: string): Inventory {
  const { context, params } = call;
  const { store } = context;
  const tagPatternUuid = requiredText(params, "tagUuid");
  const resourceType = store.resources.get(resourceUuid);
  if (resourceType === undefined) {
    const failure = new ApiFailure("SYS.1003", {
      en_US: `resource[uuid:${resourceUuid}] not found`,
      zh_CN: `找不到资源[uuid:${resourceUuid}]`,
    });
    return { success: false, ...errorBody(failure, context) };
  }
  const isSame = (tag: Tag): boolean =>
    tag.resourceUuid === resourceUuid && tag.tagPatternUuid === tagPatternUuid;
  // Attaching again is a no-op.
  const there = store.tags.rows().find(isSame);
  const tag = store.tagPatterns.row(tagPatternUuid)?.name ?? tagPatternUuid;
  const row = there ?? store.tags.add({ tag, resourceUuid, resourceType, tagPatternUuid });
  return { inventory: tagInventory(row, context), success: true };
}

const detach: Command = {
  name: "DetachTagFromResources",
  method: "DELETE",
  paths: ["/tags/{tagUuid}/resources"],
  kind: "async",
  changing: true,
  fields: [
    { name: "tagUuid", type: "string", required: true, refersTo: "TagPatternVO" },
    { name: "resourceUuids", type: "list", required: true, nonEmpty: true },
    DELETE_MODE,
  ],
  run: ({ params, context: { store } }) => {
    const uuids = new Set(listOf(params, "resourceUuids"));
    for (const tag of store.tags.rows()) {
      if (tag.tagPatternUuid === requiredText(params, "tagUuid") && uuids.has(tag.resourceUuid)) {
        store.tags.remove(tag.uuid);
      }
    }
    return {};
  },
};

const createUserTag: Command = {
  name: "CreateUserTag",
  method: "POST",
  paths: ["/user-tags"],
  kind: "async",
  wrapper: "params",
  changing: true,
  fields: [
    { name: "resourceType", type: "string", required: true },
    { name: "resourceUuid", type: "string", required: true },
    { name: "tag", type: "string", required: true },
  ],
  run: ({ params, context }) => {
    const { store } = context;
    const resourceType = requiredText(params, "resourceType");
    const resourceUuid = requiredText(params, "resourceUuid");
    const tag = requiredText(params, "tag");
    const known = store.resources.get(resourceUuid);
    if (known === undefined) {
      notFound("resourceUuid", resourceUuid, resourceType);
    }
    if (known !== resourceType) {
      invalid(`no user tag for resourceType[${resourceType}]`, `resourceType[${resourceType}]不支持用户标签`);
    }
    const isSame = (row: Tag): boolean =>
      row.kind === "User" && row.resourceUuid === resourceUuid && row.tag === tag;
    if (store.tags.rows().some(isSame)) {
      refused(
        `duplicate user tag[${tag}] on resource[uuid:${resourceUuid}]`,
        `资源[uuid:${resourceUuid}]上已有标签[${tag}]`,
      );
    }
    return { inventory: tagInventory(store.tags.add({ tag, resourceUuid, resourceType }), context) };
  },
};

/** Deletes a user tag, a system tag or a pattern; what is not there counts as deleted. */
const remove: Command = {
  name: "DeleteTag",
  method: "DELETE",
  paths: ["/tags/{uuid}"],
  kind: "async",
  changing: true,
  fields: [{ name: "uuid", type: "string", required: true }, DELETE_MODE],
  run: ({ params, context: { store } }) => {
    const uuid = requiredText(params, "uuid");
    store.tags.remove(uuid);
    store.tagPatterns.remove(uuid);
    return {};
  },
};

export const tagOperations: readonly Operation[] = [
  createPattern,
  attach,
  detach,
  createUserTag,
  remove,
  query("QueryTag", "/tags", tagPatternTarget),
  query("QueryUserTag", "/user-tags", tagTarget("User")),
  query("QuerySystemTag", "/system-tags", tagTarget("System")),
];
