import { choice, text, word } from "../../frame/value";
import { DELETE_MODE } from "../rest/checks";
import type { Context } from "../rest/context";
import { errorBody } from "../rest/error-body";
import { ApiFailure, invalid, notFound, refused } from "../rest/errors";
import { dates, type Inventory } from "../rest/inventory";
import { listOf, query, reference, requiredText, type Call, type Command } from "../rest/operation";
import { part } from "../rest/part";
import { present, queryTarget } from "../rest/query-target";
import { datedTable, UUID_MEMBER, type Dated, type Getter, type Store } from "../rest/store";
import { ofClass } from "../rest/wire";
import { tagPatternInventory, tagPatterns, type TagPattern } from "./tag-pattern";

/** A tag on a resource: a user's own, or one that the system set. */
export interface Tag extends Dated {
  uuid: string;
  kind: "User" | "System";
  tag: string;
  resourceUuid: string;
  resourceType: string;
  tagPatternUuid: string | undefined;
}

const tags = datedTable<"tags", Tag>("tags", {
  noun: "tag",
  key: (row) => row.uuid,
  hangsOn: ["resourceUuid", "tagPatternUuid"],
  members: {
    uuid: UUID_MEMBER,
    kind: choice("Whose tag it is.", ["User", "System"]),
    tag: text("Its text."),
    resourceUuid: text("The object that it is on."),
    resourceType: text("The object's type in the database, such as SNSApplicationEndpointVO."),
    tagPatternUuid: word("The tag pattern that was attached, if it was one.").optional(),
  },
  defaults: ({ uuid }) => ({
    uuid: uuid(),
    kind: "User",
    tag: "tag",
    resourceUuid: "",
    resourceType: "SNSApplicationEndpointVO",
    tagPatternUuid: undefined,
  }),
});

function tagInventory(row: Tag, context: Context): Inventory {
  const { uuid, tag, kind, resourceUuid, resourceType, tagPatternUuid } = row;
  const shown = { uuid, resourceUuid, resourceType, tag, type: kind, ...dates(row, context) };
  if (kind === "System") {
    return ofClass("org.zstack.header.tag.SystemTagInventory", { inherent: false, ...shown });
  }
  const pattern = patternOf(row, context.store);
  return ofClass("org.zstack.header.tag.UserTagInventory", {
    tagPatternUuid,
    tagPattern: pattern === undefined ? undefined : tagPatternInventory(pattern, context),
    ...shown,
  });
}

function patternOf({ tagPatternUuid }: Tag, store: Store): TagPattern | undefined {
  return tagPatternUuid === undefined ? undefined : store.of(tagPatterns).row(tagPatternUuid);
}

/** Tags in the queries of everything that can have some. */
export const TAG_FIELDS: Readonly<Record<string, Getter<{ uuid: string }>>> = {
  __userTag__: ({ uuid }, store) => tagsOf(uuid, "User", store).map((tag) => tag.tag),
  __systemTag__: ({ uuid }, store) => tagsOf(uuid, "System", store).map((tag) => tag.tag),
  __tagUuid__: ({ uuid }, store) => tagsOf(uuid, "User", store).flatMap((tag) => present(tag.tagPatternUuid)),
};

function tagsOf(resourceUuid: string, kind: Tag["kind"], store: Store): Tag[] {
  const rows = store.of(tags).rows();
  return rows.filter((tag) => tag.resourceUuid === resourceUuid && tag.kind === kind);
}

/** The tag checks of create calls: patterns exist and are simple, no real system tags (section 8). */
export function checkCreateTags({ params, context, systemTags }: Call): void {
  for (const uuid of listOf(params, "tagUuids") ?? []) {
    const pattern = context.store.of(tagPatterns).row(uuid);
    if (pattern === undefined) {
      notFound("tagUuids", uuid, tagPatterns.resourceType);
    }
    if (pattern.type !== "simple") {
      invalid(`tag[uuid:${uuid}] is not of type simple`, `标签[uuid:${uuid}]不是simple类型`);
    }
  }
  for (const tag of systemTags) {
    if (!tag.startsWith("ephemeral::")) {
      invalid(`no system tag matches[${tag}]`, `没有匹配的系统标签[${tag}]`);
    }
  }
}

/** Attaches the tags of a create call, if this server does so at all (section 8, 11.12). */
export function attachCreateTags(call: Call, resourceUuid: string, resourceType: string): void {
  const { store, switches } = call.context;
  if (switches.tagsOnCreate === "dropped") {
    return;
  }
  const table = store.of(tags);
  for (const uuid of listOf(call.params, "tagUuids") ?? []) {
    const tag = store.of(tagPatterns).row(uuid)?.name ?? uuid;
    table.add({ tag, resourceUuid, resourceType, tagPatternUuid: uuid });
  }
  for (const tag of call.userTags) {
    table.add({ tag, resourceUuid, resourceType });
  }
}

/** One result per resource, and HTTP 200 even if some failed (section 8). */
const attach: Command = {
  name: "AttachTagToResources",
  method: "POST",
  paths: ["/tags/{tagUuid}/resources"],
  kind: "async",
  wrapper: "params",
  changing: true,
  fields: [
    reference(tagPatterns, "tagUuid"),
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
  const table = store.of(tags);
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
  const there = table.rows().find(isSame);
  const tag = store.of(tagPatterns).row(tagPatternUuid)?.name ?? tagPatternUuid;
  const row = there ?? table.add({ tag, resourceUuid, resourceType, tagPatternUuid });
  return { inventory: tagInventory(row, context), success: true };
}

const detach: Command = {
  name: "DetachTagFromResources",
  method: "DELETE",
  paths: ["/tags/{tagUuid}/resources"],
  kind: "async",
  changing: true,
  fields: [
    reference(tagPatterns, "tagUuid"),
    { name: "resourceUuids", type: "list", required: true, nonEmpty: true },
    DELETE_MODE,
  ],
  run: ({ params, context: { store } }) => {
    const uuids = new Set(listOf(params, "resourceUuids"));
    const table = store.of(tags);
    for (const tag of table.rows()) {
      if (tag.tagPatternUuid === requiredText(params, "tagUuid") && uuids.has(tag.resourceUuid)) {
        table.remove(tag.uuid);
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
    const table = store.of(tags);
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
    if (table.rows().some(isSame)) {
      refused(
        `duplicate user tag[${tag}] on resource[uuid:${resourceUuid}]`,
        `资源[uuid:${resourceUuid}]上已有标签[${tag}]`,
      );
    }
    return { inventory: tagInventory(table.add({ tag, resourceUuid, resourceType }), context) };
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
    store.of(tags).remove(uuid);
    store.of(tagPatterns).remove(uuid);
    return {};
  },
};

const userTagTarget = queryTarget<Tag>({
  table: tags,
  isSeen: ({ kind }) => kind === "User",
  members: ["uuid", "resourceUuid", "resourceType", "tag", "tagPatternUuid"],
  more: {
    type: ({ kind }) => [kind],
    "tagPattern.uuid": ({ tagPatternUuid }) => present(tagPatternUuid),
    "tagPattern.name": (row, store) => present(patternOf(row, store)?.name),
  },
  key: (row) => row.uuid,
  render: tagInventory,
});

const systemTagTarget = queryTarget<Tag>({
  table: tags,
  isSeen: ({ kind }) => kind === "System",
  members: ["uuid", "resourceUuid", "resourceType", "tag"],
  more: { type: ({ kind }) => [kind], inherent: () => [false] },
  primitives: { inherent: false },
  key: (row) => row.uuid,
  render: tagInventory,
});

export const tag = part({
  tables: [tags],
  operations: [
    attach,
    detach,
    createUserTag,
    remove,
    query("QueryUserTag", "/user-tags", userTagTarget),
    query("QuerySystemTag", "/system-tags", systemTagTarget),
  ],
});
