import { z } from "zod";
import type { CallScope, ZStackCall } from "../transport/call";
import type { ZStackClient } from "../transport/client";
import {
  date,
  isNamed,
  lookupByUuid,
  nameConditions,
  optionalText,
  query,
  queryByUuid,
  uuidInReply,
} from "./query";

const ENDPOINTS = "/v1/sns/application-endpoints";
const DING_TALK = `${ENDPOINTS}/ding-talk`;

const atPerson = z.object({ uuid: optionalText, phoneNumber: z.string(), remark: optionalText });

const dingTalkEndpoint = z.object({
  uuid: z.string(),
  name: z.string(),
  description: optionalText,
  /** Must not fail the whole answer: other endpoints are in it, too. */
  url: optionalText,
  secret: optionalText,
  atAll: z.boolean(),
  atPersonList: z.array(atPerson).nullish(),
  atPersonPhoneNumbers: z.array(z.string()).nullish(),
  type: z.string(),
  state: z.string(),
  createDate: date,
});

const applicationEndpoint = z.object({ uuid: z.string(), name: z.string(), type: z.string() });

const dingTalkEndpoints = {
  action: "QuerySNSDingTalkEndpoint",
  path: DING_TALK,
  inventory: dingTalkEndpoint,
  sortedBy: "uuid",
} as const;
const applicationEndpoints = {
  action: "QuerySNSApplicationEndpoint",
  path: ENDPOINTS,
  inventory: applicationEndpoint,
  sortedBy: "uuid",
} as const;

/** A DingTalk endpoint as queries show it. */
export type DingTalkEndpointInventory = z.infer<typeof dingTalkEndpoint>;
/** An endpoint of any kind, its common members only. */
export type ApplicationEndpointInventory = z.infer<typeof applicationEndpoint>;

/** The DingTalk endpoints by their uuid. */
export const dingTalkEndpointsByUuid = lookupByUuid(dingTalkEndpoints);

/** The endpoints of any kind by their uuid. */
export const applicationEndpointsByUuid = lookupByUuid(applicationEndpoints);

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

/** `POST /sns/application-endpoints/ding-talk`. The new endpoint is enabled. Gives the uuid that the answer names. */
export async function createSNSDingTalkEndpoint(
  client: ZStackClient,
  params: CreateDingTalkEndpointParams,
  scope?: CallScope,
): Promise<string | undefined> {
  const call: ZStackCall = {
    action: "CreateSNSDingTalkEndpoint",
    method: "POST",
    path: DING_TALK,
    body: { params },
  };
  return uuidInReply(await client.change(call, scope));
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

/** The DingTalk endpoints of exactly this name. */
export async function querySNSDingTalkEndpointByName(
  client: ZStackClient,
  name: string,
  scope?: CallScope,
): Promise<DingTalkEndpointInventory[]> {
  return (await query(client, dingTalkEndpoints, nameConditions(name), scope)).filter(isNamed(name));
}

/** An endpoint of any kind. */
export async function querySNSApplicationEndpoint(
  client: ZStackClient,
  uuid: string,
  scope?: CallScope,
): Promise<ApplicationEndpointInventory | undefined> {
  const found = await queryByUuid(client, applicationEndpoints, [uuid], scope);
  return found.find((endpoint) => endpoint.uuid === uuid);
}
