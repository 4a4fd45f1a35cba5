import { ALERT_KINDS, EVENT_TYPE_KEY, fullType, translateEventType, type AlertKey } from "../alert-types";
import type { Operation } from "../operation";
import type { SecurityCenterSwitches } from "../switches";

/** The only kind of notification that the operation knows for robots (section 4.6). */
const CONFIG_TYPE = "DingTalk";
/** The value whose label is the same for every key. */
const ALL = "all";
/** Values whose labels are called otherwise, as the vendor's example shows. */
const LABELS: Readonly<Record<string, string>> = { oval: "cve" };

/** Lists the alert types, keys and values that this site takes in ConfigList (section 4.6). */
export const describeDataSource: Operation = {
  name: "DescribeDataSource",
  changing: false,
  needsEdition: false,
  run: ({ parameters, context }) => {
    const { switches } = context;
    const language = parameters.oneOf("Lang", ["zh", "en"]) ?? "zh";
    const configType = parameters.text("ConfigType") ?? CONFIG_TYPE;
    if (configType !== CONFIG_TYPE) {
      return { MetaDatas: [] };
    }
    return {
      MetaDatas: ALERT_KINDS.map(({ kind, keys }, index) => ({
        DataSourceId: index + 1,
        DataSourceName: fullType(kind, switches.typePrefix),
        Description: labelOf(kind),
        MetaDataFields: keys.map((key) => ({
          Filed: key.key,
          FiledName: labelOf(`${kind}_${key.key}`),
          ValueType: "string",
          Sample: sampleOf(kind, key, switches, language),
          OperatorList: [{ Name: "=", Description: "equals" }],
        })),
      })),
    };
  },
};

function sampleOf(
  kind: string,
  { key, values }: AlertKey,
  { eventTypeEcho }: SecurityCenterSwitches,
  language: "zh" | "en",
): string {
  const literals = eventTypeEcho === "same" ? language : eventTypeEcho;
  return values
    .map((value, index) => {
      if (key === EVENT_TYPE_KEY && value !== ALL) {
        return `${translateEventType(value, literals)}:${labelOf(`${kind}_${String(index)}`)}`;
      }
      return `${value}:${labelOf(value === ALL ? value : `${kind}_${LABELS[value] ?? value}`)}`;
    })
    .join(";");
}

function labelOf(text: string): string {
  return `dingtalk_${text.replaceAll("-", "_")}`;
}
