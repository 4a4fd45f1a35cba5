import type { Clock } from "../frame/clock";
import { Table } from "../frame/table";
import type { AssetGroup, Robot, TestMessage } from "./entities";
import * as members from "./members";
import { ListLag } from "./list-lag";

/** Messages that are kept, of all robots; the oldest go first. */
export const MAX_TEST_MESSAGES = 10_000;
const FIRST_GROUP_ID = 10417151;

/** Everything that one site knows. Tests may look and change at will, without a trace in the journal. */
export class Store {
  readonly robots: Table<Robot>;
  readonly assetGroups: Table<AssetGroup>;
  readonly testMessages: Table<TestMessage>;
  readonly listLag = new ListLag();
  private nextRobotId: number;
  private nextGroupId = FIRST_GROUP_ID;
  private lastMessage = 0;

  /** @param firstRobotId ids go up from here and are never used twice, not after a reset either. */
  constructor(clock: Clock, accountId: string, firstRobotId: number) {
    this.nextRobotId = firstRobotId;
    this.robots = new Table<Robot>("robot", (robot) => String(robot.id), members.ROBOT, {
      complete: (row) => {
        const gmtCreate = row.gmtCreate ?? clock.now();
        return {
          id: row.id ?? this.nextRobotId,
          actionName: "robot",
          url: "https://oapi.dingtalk.com/robot/send?access_token=added",
          configList: undefined,
          groupIdList: undefined,
          intervalTime: 0,
          dingTalkLang: "zh",
          status: 1,
          aliUid: Number(accountId),
          gmtModified: gmtCreate,
          ...row,
          gmtCreate,
        };
      },
      added: ({ id }) => {
        this.nextRobotId = Math.max(this.nextRobotId, id + 1);
      },
      edited: (robot) => {
        robot.gmtModified = clock.now();
      },
    });
    this.assetGroups = new Table<AssetGroup>(
      "asset group",
      (group) => String(group.groupId),
      members.ASSET_GROUP,
      {
        complete: (row) => ({
          groupId: this.nextGroupId,
          groupName: `group ${String(this.nextGroupId)}`,
          groupFlag: 1,
          machineNum: 0,
          ...row,
        }),
        added: ({ groupId }) => {
          this.nextGroupId = Math.max(this.nextGroupId, groupId + 1);
        },
      },
    );
    this.testMessages = new Table<TestMessage>(
      "test message",
      ({ number }) => String(number),
      members.TEST_MESSAGE,
      {
        complete: (row) => ({
          number: this.lastMessage + 1,
          robotId: 0,
          url: "",
          errcode: undefined,
          atMs: clock.now(),
          ...row,
        }),
        added: ({ number }) => {
          this.lastMessage = Math.max(this.lastMessage, number);
        },
        maxRows: MAX_TEST_MESSAGES,
      },
    );
    this.assetGroups.add({ groupName: "default", groupFlag: 0 });
    this.assetGroups.add({ groupName: "production" });
    this.assetGroups.keepAsInitial();
  }

  /** Back to no robots and two asset groups. */
  reset(): void {
    for (const table of Object.values(this.tables())) {
      table.restore();
    }
    this.listLag.clear();
    this.lastMessage = 0;
  }

  /** The tables that tests and the control address see. */
  tables(): Pick<Store, "robots" | "assetGroups" | "testMessages"> {
    return { robots: this.robots, assetGroups: this.assetGroups, testMessages: this.testMessages };
  }
}
