import type { Operation } from "../operation";
import { effectiveEdition } from "../edition";

/** Tells the edition of the account, and nothing else of its many members (section 4.6, 16.10). */
export const describeVersionConfig: Operation = {
  name: "DescribeVersionConfig",
  changing: false,
  needsEdition: false,
  run: ({ context }) => {
    const { edition } = context.switches;
    const effective = effectiveEdition(context.switches);
    return { Version: edition, HighestVersion: effective, MergedVersion: effective };
  },
};
