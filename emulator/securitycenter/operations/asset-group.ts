import type { AssetGroup } from "../entities";
import type { Operation } from "../operation";

/** Lists all asset groups, flat (section 4.6). */
const describeAllGroups: Operation = {
  name: "DescribeAllGroups",
  changing: false,
  needsEdition: false,
  run: ({ context }) => {
    const groups = context.store.assetGroups.rows();
    return {
      Count: groups.length,
      Groups: groups.map(({ groupId, groupName, groupFlag }) => ({
        GroupId: groupId,
        GroupName: groupName,
        GroupFlag: groupFlag,
      })),
    };
  },
};

/** Tells the tree of asset groups: the children are JSON text of one array inside of a list (section 4.6). */
const describeGroupStruct: Operation = {
  name: "DescribeGroupStruct",
  changing: false,
  needsEdition: false,
  run: ({ context }) => {
    const [top, ...children] = context.store.assetGroups.rows().sort((a, b) => a.groupFlag - b.groupFlag);
    if (top === undefined) {
      return {};
    }
    return {
      GroupId: top.groupId,
      GroupName: top.groupName,
      MachineNum: top.machineNum,
      GroupIndex: 0,
      GroupFather: -1,
      GroupLevel: 1,
      GroupFlag: top.groupFlag,
      Groups: [JSON.stringify(children.map((child, index) => childOf(top, child, index)))],
    };
  },
};

/** The operations about asset groups. */
export const ASSET_GROUP_OPERATIONS: readonly Operation[] = [describeAllGroups, describeGroupStruct];

function childOf(top: AssetGroup, child: AssetGroup, index: number): object {
  return {
    groupName: child.groupName,
    groupFather: top.groupId,
    groupId: child.groupId,
    childGroups: "[]",
    groupLevel: 2,
    groupIndex: index,
    groupFlag: child.groupFlag,
  };
}
