import { z } from "zod";
import { inShape } from "../../core/transport/reply-shape";
import type { CallScope, SecurityCenterClient } from "../transport/client";

/** One function per vendor action, under the vendor's name. The vendor's words for things end in this file's callers. */

const SHAPE_HINT =
  "Check securitycenter:endpoint; the service may also have changed, then please report this.";

const number = z.coerce.number();
/** Packed lists, decoded elsewhere. */
const packed = z.unknown().optional();

const robot = z.object({
  Id: z.union([z.number(), z.string()]).transform(String),
  // One odd row of somebody else's must not make the whole list unreadable.
  ActionName: z
    .string()
    .nullish()
    .transform((name) => name ?? ""),
  Url: z.string().nullish(),
  ConfigList: packed,
  GroupIdList: packed,
  IntervalTime: number.nullish(),
  DingTalkLang: z.string().nullish(),
  Status: number.nullish(),
  AliUid: z.union([z.number(), z.string()]).transform(String).nullish(),
  GmtCreate: number.nullish().catch(undefined),
});

const page = z.object({
  PageInfo: z.object({ CurrentPage: number, PageSize: number, TotalCount: number }),
  ActionList: z.array(robot).nullish(),
});

const dataSources = z.object({ MetaDatas: z.array(z.object({ DataSourceName: z.string() })).nullish() });

/** A robot as the list shows it. */
export type RobotRow = z.infer<typeof robot>;

/** One page of robots. */
export interface RobotPage {
  readonly rows: readonly RobotRow[];
  readonly pageSize: number;
  readonly totalCount: number;
}

/** What creates a robot, or overwrites the one with `Id`. All values are texts on the wire. */
export interface CreateOrUpdateDingTalkParams {
  readonly Id?: string | undefined;
  readonly RuleActionName: string;
  readonly SendUrl: string;
  readonly IntervalTime: string;
  readonly DingTalkLang: string;
  readonly ConfigList?: string | undefined;
  readonly GroupIdList?: string | undefined;
}

/** The id of a request, for messages. */
export type RequestId = string | undefined;

/** Creates a robot (no `Id`), or overwrites one. The answer does not say which robot it was. */
export async function createOrUpdateDingTalk(
  client: SecurityCenterClient,
  params: CreateOrUpdateDingTalkParams,
  scope?: CallScope,
): Promise<RequestId> {
  const reply = await client.call(
    { action: "CreateOrUpdateDingTalk", parameters: { ...params }, changes: true },
    scope,
  );
  return typeof reply["RequestId"] === "string" ? reply["RequestId"] : undefined;
}

/** One page of all robots of the account. The order is not documented, and rows may move between pages. */
export async function describeDingTalk(
  client: SecurityCenterClient,
  query: { readonly currentPage: number; readonly pageSize: number },
  scope?: CallScope,
): Promise<RobotPage> {
  const action = "DescribeDingTalk";
  const parameters = { CurrentPage: String(query.currentPage), PageSize: String(query.pageSize) };
  const { PageInfo, ActionList } = parsed(
    action,
    page,
    await client.call({ action, parameters, changes: false }, scope),
  );
  return { rows: ActionList ?? [], pageSize: PageInfo.PageSize, totalCount: PageInfo.TotalCount };
}

/** Enables or disables one robot. */
export async function modifyDingTalkStatus(
  client: SecurityCenterClient,
  id: string,
  enabled: boolean,
  scope?: CallScope,
): Promise<void> {
  const parameters = { Ids: id, Status: enabled ? "1" : "0" };
  await client.call({ action: "ModifyDingTalkStatus", parameters, changes: true }, scope);
}

/** Deletes one robot. The answer does not say whether there was one. */
export async function deleteDingTalk(
  client: SecurityCenterClient,
  id: string,
  scope?: CallScope,
): Promise<void> {
  await client.call({ action: "DeleteDingTalk", parameters: { Ids: id }, changes: true }, scope);
}

/** The alert types that this site knows, in its own strings. */
export async function describeDataSource(client: SecurityCenterClient, scope?: CallScope): Promise<string[]> {
  const action = "DescribeDataSource";
  const reply = await client.call({ action, parameters: { ConfigType: "DingTalk" }, changes: false }, scope);
  return (parsed(action, dataSources, reply).MetaDatas ?? []).map((source) => source.DataSourceName);
}

function parsed<T>(action: string, shape: z.ZodType<T>, reply: unknown): T {
  return inShape(action, shape, reply, SHAPE_HINT);
}
