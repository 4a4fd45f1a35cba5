import { isApiFailure } from "../../core/errors";
import type { Purpose } from "../../core/lifecycle/object-lifecycle";
import type { Context } from "../../core/lifecycle/definition";
import {
  attachTagToResources,
  createUserTag,
  deleteTag,
  detachTagFromResources,
  tagsByResource,
} from "../api";
import type { ZStackConnection } from "../connection";
import { Code } from "../transport/failures";

/** The tags a resource manages: plain ones by their text, patterns by their uuid. */
export interface ManagedTags {
  readonly userTags?: readonly string[] | undefined;
  readonly tagUuids?: readonly string[] | undefined;
}

/** The managed tags that a resource has. */
export interface AttachedTags {
  readonly userTags: string[];
  readonly tagUuids: string[];
}

type Ctx = Context<ZStackConnection>;

/** Those of the managed tags that really are on a resource. Tags that others put there are not ours to see. */
export async function attachedTags(
  ctx: Ctx,
  resourceUuid: string,
  managed: ManagedTags,
  purpose: Purpose,
): Promise<AttachedTags> {
  if (isNone(managed)) {
    return { userTags: [], tagUuids: [] };
  }
  const live = await ctx.connection.findAllFor(purpose, tagsByResource, resourceUuid);
  const plain = new Set(live.filter((tag) => tag.tagPatternUuid === undefined).map((tag) => tag.tag));
  const patterns = new Set(live.map((tag) => tag.tagPatternUuid));
  return {
    userTags: unique(managed.userTags).filter((tag) => plain.has(tag)),
    tagUuids: unique(managed.tagUuids).filter((uuid) => patterns.has(uuid)),
  };
}

/** Attaches what is declared and missing, and detaches what was managed before and is declared no more. */
export async function syncTags(
  ctx: Ctx,
  resourceType: string,
  resourceUuid: string,
  recorded: ManagedTags,
  declared: ManagedTags,
): Promise<void> {
  if (isNone(recorded) && isNone(declared)) {
    return;
  }
  const { client } = ctx.connection;
  const live = await ctx.connection.findAll(tagsByResource, resourceUuid);

  const plain = new Map(
    live.filter((tag) => tag.tagPatternUuid === undefined).map((tag) => [tag.tag, tag.uuid]),
  );
  for (const tag of without(declared.userTags, [...plain.keys()])) {
    try {
      await createUserTag(client, { resourceType, resourceUuid, tag }, ctx);
    } catch (error) {
      // A repeated call finds the tag of the first one, whose answer was lost.
      const isThere =
        isApiFailure(error, Code.OPERATION_FAILED, Code.DUPLICATE_TAG) &&
        (await ctx.connection.findAll(tagsByResource, resourceUuid)).some((one) => one.tag === tag);
      if (!isThere) {
        throw error;
      }
    }
  }
  for (const tag of without(recorded.userTags, declared.userTags)) {
    const tagUuid = plain.get(tag);
    if (tagUuid !== undefined) {
      await deleteTag(client, tagUuid, ctx);
    }
  }

  const patterns = live.map((tag) => tag.tagPatternUuid);
  for (const tagUuid of without(declared.tagUuids, patterns)) {
    await attachTagToResources(client, tagUuid, resourceUuid, ctx);
  }
  for (const tagUuid of without(recorded.tagUuids, declared.tagUuids)) {
    if (patterns.includes(tagUuid)) {
      await detachTagFromResources(client, tagUuid, resourceUuid, ctx);
    }
  }
}

function isNone(tags: ManagedTags): boolean {
  return (tags.userTags?.length ?? 0) === 0 && (tags.tagUuids?.length ?? 0) === 0;
}

function without(
  these: readonly string[] | undefined,
  those: readonly (string | undefined)[] | undefined,
): string[] {
  return unique(these).filter((one) => those?.includes(one) !== true);
}

function unique(values: readonly string[] | undefined): string[] {
  return [...new Set(values)].sort();
}
