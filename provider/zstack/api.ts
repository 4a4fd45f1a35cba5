import { z } from "zod";
import { ReplyShapeError } from "../core/errors";
import { inShape } from "../core/reply-shape";
import type { CallScope, ZStackCall } from "./call";
import type { ZStackClient } from "./client";

/** One function per vendor action, under the vendor's name. The vendor's words for things end in this file's callers. */

const SHAPE_HINT =
  "Check that the endpoint is a ZStack management node of version 5.0.0 or later; a newer version may answer differently, then please report this.";

const ENDPOINTS = "/v1/sns/application-endpoints";
const DING_TALK = `${ENDPOINTS}/ding-talk`;
/** `q=uuid?=a,b,…`: about a hundred ids keep the URL short (fact sheet 7). */
export const MAX_UUIDS_PER_QUERY = 100;
/** The server's own default, sent always so that no answer is cut short without our knowing. */
const PAGE_SIZE = 1000;
const MAX_PAGES = 100;

/** Dates come in several formats, or as epoch milliseconds; they are never computed with. */
const date = z.union([z.string(), z.number()]).optional().catch(undefined);
/** Absent and null are the same: the server leaves null members out. */
const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

const atPerson = z.object({ uuid: optionalText, phoneNumber: z.string(), remark: optionalText });

const dingTalkEndpoint = z.object({
  uuid: z.string(),
  name: z.string(),
  description: optionalText,
  url: z.string(),
  secret: optionalText,
  atAll: z.boolean(),
  atPersonList: z.array(atPerson).nullish(),
  atPersonPhoneNumbers: z.array(z.string()).nullish(),
  type: z.string(),
  state: z.string(),
  createDate: date,
});

const applicationEndpoint = z.object({ uuid: z.string(), name: z.string(), type: z.string() });

const userTag = z.object({
  uuid: z.string(),
  tag: z.string(),
  resourceUuid: z.string(),
  tagPatternUuid: optionalText,
});

/** A DingTalk endpoint as queries show it. */
export type DingTalkEndpointInventory = z.infer<typeof dingTalkEndpoint>;
/** An endpoint of any kind, its common members only. */
export type ApplicationEndpointInventory = z.infer<typeof applicationEndpoint>;
/** A tag on a resource: a plain one, or one made from a tag pattern. */
export type UserTagInventory = z.infer<typeof userTag>;

/** `PUT /management-nodes/actions getVersion`: needs no login. */
export async function getVersion(client: ZStackClient, scope?: CallScope): Promise<string> {
  const action = "GetVersion";
  const call = managementNodeCall(action, "getVersion");
  return parsed(action, z.object({ version: z.string() }), await client.ask(call, scope)).version;
}

/** `PUT /management-nodes/actions getCurrentTime`: needs no login. In epoch milliseconds. */
export async function getCurrentTime(client: ZStackClient, scope?: CallScope): Promise<number> {
  const action = "GetCurrentTime";
  const call = managementNodeCall(action, "getCurrentTime");
  // The member really is called "MillionSeconds".
  const reply = z.object({ currentTime: z.object({ MillionSeconds: z.number() }) });
  return parsed(action, reply, await client.ask(call, scope)).currentTime.MillionSeconds;
}

/** `PUT /accounts/login`. */
export async function logInByAccount(
  client: ZStackClient,
  accountName: string,
  passwordSha512: string,
): Promise<{ uuid: string; accountUuid: string | undefined }> {
  const action = "LogInByAccount";
  const body = { logInByAccount: { accountName, password: passwordSha512 } };
  const reply = await client.ask({
    action,
    method: "PUT",
    path: "/v1/accounts/login",
    body,
    anonymous: true,
  });
  const shape = z.object({ inventory: z.object({ uuid: z.string(), accountUuid: optionalText }) });
  return parsed(action, shape, reply).inventory;
}

/** `DELETE /accounts/sessions/{uuid}`: ends a session; an unknown one is no failure. */
export async function logOut(client: ZStackClient, sessionUuid: string): Promise<void> {
  const path = `/v1/accounts/sessions/${sessionUuid}`;
  await client.ask({ action: "LogOut", method: "DELETE", path, anonymous: true });
}

/** What a create call of a DingTalk endpoint takes. Tags are not among it: the call drops them (fact sheet 8). */
export interface CreateDingTalkEndpointParams {
  readonly name: string;
  readonly url: string;
  readonly description?: string | undefined;
  readonly atAll?: boolean | undefined;
  readonly secret?: string | undefined;
  /** Phone number → remark. */
  readonly atPersonList?: Readonly<Record<string, string>> | undefined;
  readonly resourceUuid: string;
}

/** `POST /sns/application-endpoints/ding-talk`. The new endpoint is enabled. */
export async function createSNSDingTalkEndpoint(
  client: ZStackClient,
  params: CreateDingTalkEndpointParams,
  scope?: CallScope,
): Promise<void> {
  const call: ZStackCall = {
    action: "CreateSNSDingTalkEndpoint",
    method: "POST",
    path: DING_TALK,
    body: { params },
  };
  await client.change(call, scope);
}

/** What the DingTalk update takes. Blank strings are ignored there, but for `secret`, which `""` clears. */
export interface UpdateDingTalkEndpointParams {
  readonly name?: string;
  readonly description?: string;
  readonly url?: string;
  readonly atAll?: boolean;
  readonly secret?: string;
}

/** `PUT /sns/application-endpoints/ding-talk/{uuid}/actions` (ZStack 5.0.0 and later). */
export async function updateSNSDingTalkEndpoint(
  client: ZStackClient,
  uuid: string,
  params: UpdateDingTalkEndpointParams,
  scope?: CallScope,
): Promise<void> {
  const action = "UpdateSNSDingTalkEndpoint";
  const body = { updateSNSDingTalkEndpoint: params };
  await client.change({ action, method: "PUT", path: `${DING_TALK}/${uuid}/actions`, body }, scope);
}

/** `PUT /sns/application-endpoints/{uuid}/actions`: the generic update, the only one that can clear a description. */
export async function updateSNSApplicationEndpoint(
  client: ZStackClient,
  uuid: string,
  params: { readonly description: string },
  scope?: CallScope,
): Promise<void> {
  const action = "UpdateSNSApplicationEndpoint";
  const body = { updateSNSApplicationEndpoint: params };
  await client.change({ action, method: "PUT", path: `${ENDPOINTS}/${uuid}/actions`, body }, scope);
}

/** The same path with another wrapper: enables or disables an endpoint. Repeating it succeeds. */
export async function changeSNSApplicationEndpointState(
  client: ZStackClient,
  uuid: string,
  stateEvent: "enable" | "disable",
  scope?: CallScope,
): Promise<void> {
  const action = "ChangeSNSApplicationEndpointState";
  const body = { changeSNSApplicationEndpointState: { stateEvent } };
  await client.change({ action, method: "PUT", path: `${ENDPOINTS}/${uuid}/actions`, body }, scope);
}

/** `DELETE /sns/application-endpoints/{uuid}`: also removes persons and subscriptions; an unknown uuid is no failure. */
export async function deleteSNSApplicationEndpoint(
  client: ZStackClient,
  uuid: string,
  scope?: CallScope,
): Promise<void> {
  const action = "DeleteSNSApplicationEndpoint";
  const parameters = [["deleteMode", "Permissive"]] as const;
  await client.change({ action, method: "DELETE", path: `${ENDPOINTS}/${uuid}`, parameters }, scope);
}

/** `POST …/ding-talk/at-persons`. A phone number that is there already is refused (SYS.1007). */
export async function addSNSDingTalkAtPerson(
  client: ZStackClient,
  params: { readonly endpointUuid: string; readonly phoneNumber: string; readonly remark?: string },
  scope?: CallScope,
): Promise<void> {
  const action = "AddSNSDingTalkAtPerson";
  await client.change({ action, method: "POST", path: `${DING_TALK}/at-persons`, body: { params } }, scope);
}

/**
 * `PUT …/ding-talk/at-persons/{uuid}/actions` (ZStack 5.0.0 and later): changes a remark; `""` clears it. The phone number is left out on
 * purpose, because sending the unchanged one is refused.
 */
export async function updateAtPersonOfAtDingTalkEndpoint(
  client: ZStackClient,
  personUuid: string,
  params: { readonly endpointUuid: string; readonly remark: string },
  scope?: CallScope,
): Promise<void> {
  const action = "UpdateAtPersonOfAtDingTalkEndpoint";
  const body = { updateAtPersonOfAtDingTalkEndpoint: params };
  await client.change(
    { action, method: "PUT", path: `${DING_TALK}/at-persons/${personUuid}/actions`, body },
    scope,
  );
}

/** `DELETE …/ding-talk/{uuid}/at-persons/{phone}`: a person that is not there is no failure. */
export async function removeSNSDingTalkAtPerson(
  client: ZStackClient,
  endpointUuid: string,
  phoneNumber: string,
  scope?: CallScope,
): Promise<void> {
  const action = "RemoveSNSDingTalkAtPerson";
  const path = `${DING_TALK}/${endpointUuid}/at-persons/${encodeURIComponent(phoneNumber)}`;
  await client.change({ action, method: "DELETE", path }, scope);
}

/** The DingTalk endpoints with these uuids, at most {@link MAX_UUIDS_PER_QUERY} of them, in no order. */
export async function querySNSDingTalkEndpointByUuids(
  client: ZStackClient,
  uuids: readonly string[],
  scope?: CallScope,
): Promise<DingTalkEndpointInventory[]> {
  return query(
    client,
    "QuerySNSDingTalkEndpoint",
    DING_TALK,
    dingTalkEndpoint,
    [`uuid?=${uuids.join(",")}`],
    scope,
  );
}

/** The DingTalk endpoints of exactly this name. */
export async function querySNSDingTalkEndpointByName(
  client: ZStackClient,
  name: string,
  scope?: CallScope,
): Promise<DingTalkEndpointInventory[]> {
  // The server splits a condition at the first operator it finds anywhere in it, and has no way to escape a quote: such names
  // are looked for among all endpoints.
  const conditions =
    /^[\p{L}\p{N} ._:/+@()-]*$/u.test(name) && !/\b(?:is|not) null\b/.test(name) ? [`name=${name}`] : [];
  const found = await query(
    client,
    "QuerySNSDingTalkEndpoint",
    DING_TALK,
    dingTalkEndpoint,
    conditions,
    scope,
  );
  // Equality on the server ignores case and trailing spaces.
  return found.filter((endpoint) => endpoint.name.trim() === name);
}

/** An endpoint of any kind. */
export async function querySNSApplicationEndpoint(
  client: ZStackClient,
  uuid: string,
  scope?: CallScope,
): Promise<ApplicationEndpointInventory | undefined> {
  const conditions = [`uuid=${uuid}`];
  const found = await query(
    client,
    "QuerySNSApplicationEndpoint",
    ENDPOINTS,
    applicationEndpoint,
    conditions,
    scope,
  );
  return found.find((endpoint) => endpoint.uuid === uuid);
}

/** The tags on some resources, plain ones and those made from tag patterns. */
export async function queryUserTag(
  client: ZStackClient,
  resourceUuids: readonly string[],
  scope?: CallScope,
): Promise<UserTagInventory[]> {
  const conditions = [`resourceUuid?=${resourceUuids.join(",")}`];
  return query(client, "QueryUserTag", "/v1/user-tags", userTag, conditions, scope);
}

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
    .object({ results: z.array(z.object({ success: z.boolean() })).optional() })
    .safeParse(reply);
  if (result.success && result.data.results?.some((one) => !one.success) === true) {
    throw new ReplyShapeError(`${action} did not attach tag ${tagUuid}.`, {
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

async function query<Inventory>(
  client: ZStackClient,
  action: string,
  path: string,
  inventory: z.ZodType<Inventory>,
  conditions: readonly string[],
  scope?: CallScope,
): Promise<Inventory[]> {
  const shape = z.object({ inventories: z.array(inventory) });
  const all: Inventory[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const parameters = [
      ...conditions.map((condition) => ["q", condition] as const),
      ["limit", String(PAGE_SIZE)] as const,
      ["start", String(page * PAGE_SIZE)] as const,
      // There is no stable order without it.
      ["sort", "uuid"] as const,
    ];
    const reply = await client.ask({ action, method: "GET", path, parameters }, scope);
    const { inventories } = parsed(action, shape, reply);
    all.push(...inventories);
    if (inventories.length < PAGE_SIZE) {
      return all;
    }
  }
  throw new ReplyShapeError(`${action} gave more than ${MAX_PAGES * PAGE_SIZE} objects.`);
}

function managementNodeCall(action: string, wrapper: string): ZStackCall {
  return {
    action,
    method: "PUT",
    path: "/v1/management-nodes/actions",
    body: { [wrapper]: {} },
    anonymous: true,
  };
}

function parsed<T>(action: string, shape: z.ZodType<T>, reply: unknown): T {
  return inShape(action, shape, reply, SHAPE_HINT);
}
