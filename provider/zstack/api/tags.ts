import { z } from "zod";
import { ReplyShapeError } from "../../core/errors";
import type { CallScope } from "../transport/call";
import type { ZStackClient } from "../transport/client";
import { deepestDetails, errorIn } from "../transport/failures";
import { collectionOf, isOneOf, MAX_UUIDS_PER_QUERY, optionalText, query, type Lookup } from "./query";

const userTag = z.object({
  uuid: z.string(),
  tag: z.string(),
  resourceUuid: z.string(),
  tagPatternUuid: optionalText,
});

/** A tag on a resource: a plain one, or one made from a tag pattern. */
export type UserTagInventory = z.infer<typeof userTag>;

const userTags = {
  action: "QueryUserTag",
  path: "/v1/user-tags",
  inventory: userTag,
  sortedBy: "uuid",
} as const;

/** The kinds of resource whose tags are looked for; everything else in a cloud has tags, too. */
const TAGGED_TYPES = ["SNSTopicVO", "SNSApplicationEndpointVO"];

/** The tags on resources, plain ones and those made from tag patterns, by the resource. */
export const tagsByResource: Lookup<UserTagInventory> = {
  maxKeys: MAX_UUIDS_PER_QUERY,
  query: (client, resourceUuids, scope) =>
    query(client, userTags, [isOneOf("resourceUuid", resourceUuids)], scope),
  keysOf: ({ resourceUuid }) => [resourceUuid],
  collection: collectionOf(userTags, [isOneOf("resourceType", TAGGED_TYPES)]),
};

/** `POST /user-tags`: puts a plain tag on a resource; one that is there already is refused (SYS.1006). */
export async function createUserTag(
  client: ZStackClient,
  params: { readonly resourceType: string; readonly resourceUuid: string; readonly tag: string },
  scope?: CallScope,
): Promise<void> {
  await client.change(
    { action: "CreateUserTag", method: "POST", path: "/v1/user-tags", body: { params } },
    scope,
  );
}

/** `DELETE /tags/{uuid}`: removes one tag from its resource. */
export async function deleteTag(client: ZStackClient, uuid: string, scope?: CallScope): Promise<void> {
  await client.change({ action: "DeleteTag", method: "DELETE", path: `/v1/tags/${uuid}` }, scope);
}

/** `POST /tags/{tagUuid}/resources`: attaches a tag pattern; attaching it again changes nothing. */
export async function attachTagToResources(
  client: ZStackClient,
  tagUuid: string,
  resourceUuid: string,
  scope?: CallScope,
): Promise<void> {
  const action = "AttachTagToResources";
  const body = { params: { resourceUuids: [resourceUuid] } };
  const reply = await client.change(
    { action, method: "POST", path: `/v1/tags/${tagUuid}/resources`, body },
    scope,
  );
  // One resource, one result; the call itself succeeds even when the result says it did not.
  const result = z
    .object({ results: z.array(z.object({ success: z.boolean(), error: z.unknown() })).optional() })
    .safeParse(reply);
  const failed = result.data?.results?.find((one) => !one.success);
  if (failed !== undefined) {
    const error = errorIn(failed);
    throw new ReplyShapeError(`${action} did not attach tag ${tagUuid}.`, {
      facts: { Code: error?.code, Details: error === undefined ? undefined : deepestDetails(error) },
      hint: "Check that the tag exists and belongs to this account.",
    });
  }
}

/** `DELETE /tags/{tagUuid}/resources`: detaches a tag pattern. */
export async function detachTagFromResources(
  client: ZStackClient,
  tagUuid: string,
  resourceUuid: string,
  scope?: CallScope,
): Promise<void> {
  const action = "DetachTagFromResources";
  const parameters = [["resourceUuids", resourceUuid]] as const;
  await client.change({ action, method: "DELETE", path: `/v1/tags/${tagUuid}/resources`, parameters }, scope);
}
