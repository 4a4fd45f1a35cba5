import type { Clock } from "../frame/clock";
import { Table } from "../frame/table";
import type { AssetGroup, Robot, TestMessage } from "./entities";
import { ListLag } from "./list-lag";

/** The first id that a robot gets, at both sites: an id alone does not say where it belongs (section 6). */
const FIRST_ROBOT_ID = 1001;
const FIRST_GROUP_ID = 10417151;

/** Everything that one site knows. Tests may look and change at will, without a trace in the journal. */
export class Store {
  readonly robots: Table<Robot>;
  readonly assetGroups: Table<AssetGroup>;
  readonly testMessages: Table<TestMessage>;
  readonly listLag = new ListLag();
  #nextRobotId = FIRST_ROBOT_ID;
  #nextGroupId = FIRST_GROUP_ID;

  constructor(clock: Clock, accountId: string) {
    this.robots = new Table<Robot>((robot) => String(robot.id), {
      complete: (row) => {
        const gmtCreate = row.gmtCreate ?? clock.now();
        return {
          id: row.id ?? this.#nextRobotId,
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
        this.#nextRobotId = Math.max(this.#nextRobotId, id + 1);
      },
      edited: (robot) => {
        robot.gmtModified = clock.now();
      },
    });
    this.assetGroups = new Table<AssetGroup>((group) => String(group.groupId), {
      complete: (row) => ({
        groupId: this.#nextGroupId,
        groupName: `group ${String(this.#nextGroupId)}`,
        groupFlag: 1,
        machineNum: 0,
        ...row,
      }),
      added: ({ groupId }) => {
        this.#nextGroupId = Math.max(this.#nextGroupId, groupId + 1);
      },
    });
    this.testMessages = new Table<TestMessage>((message) => String(message.number), {
      complete: (row) => ({
        number: this.testMessages.size + 1,
        robotId: 0,
        url: "",
        errcode: undefined,
        atMs: clock.now(),
        ...row,
      }),
    });
    this.reset();
  }

  /** Back to no robots and two asset groups. */
  reset(): void {
    this.robots.clear();
    this.assetGroups.clear();
    this.testMessages.clear();
    this.listLag.clear();
    this.#nextRobotId = FIRST_ROBOT_ID;
    this.#nextGroupId = FIRST_GROUP_ID;
    this.assetGroups.add({ groupName: "default", groupFlag: 0 });
    this.assetGroups.add({ groupName: "production" });
  }

  /** The tables that tests and the control address see. */
  tables(): Pick<Store, "robots" | "assetGroups" | "testMessages"> {
    return { robots: this.robots, assetGroups: this.assetGroups, testMessages: this.testMessages };
  }
}
