import type { CoverageRow } from "../frame/coverage";
import { OPERATIONS } from "./operations";

const ROUTES: readonly string[] = ["GET /", "POST /"];

/** Every call of the fact sheet, and what an emulated site does about it. */
export const SECURITY_CENTER_COVERAGE: readonly CoverageRow[] = [
  row("CreateOrUpdateDingTalk", "securitycenter-robot.test.ts"),
  row("DescribeDingTalk", "securitycenter-list.test.ts"),
  row("ModifyDingTalkStatus", "securitycenter-robot.test.ts"),
  row("DeleteDingTalk", "securitycenter-robot.test.ts"),
  row("DingTalkOnlineTest", "securitycenter-robot.test.ts"),
  row("DescribeDataSource", "securitycenter-reads.test.ts"),
  row("DescribeAllGroups", "securitycenter-reads.test.ts"),
  row("DescribeGroupStruct", "securitycenter-reads.test.ts"),
  row("DescribeVersionConfig", "securitycenter-reads.test.ts"),
  { operation: "DescribeVolDingdingMessage", routes: ROUTES, status: "absent" },
];

/** The routes of all operations that the code really has. */
export function securityCenterRoutes(): ReadonlyMap<string, readonly string[]> {
  return new Map([...OPERATIONS.keys()].map((name) => [name, ROUTES]));
}

function row(operation: string, testedBy: string): CoverageRow {
  return { operation, routes: ROUTES, status: "implemented", testedBy };
}
