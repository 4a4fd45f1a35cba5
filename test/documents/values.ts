/** What the programs of the documents ask their stack config for. */

/** The alarm that the documents make in the emulator. */
export const ALARM_UUID = "c0ffee00c0ffee00c0ffee00c0ffee00";
/** The token that the documents give the emulator's robot. */
export const ROBOT_TOKEN = "5eed".repeat(16);

const WEBHOOK = `https://oapi.dingtalk.com/robot/send?access_token=${ROBOT_TOKEN}`;

export interface ConfigKey {
  readonly key: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** The keys that a program requires, each with a value of its kind. What it only may have (`get`) is left out. */
export function configKeys(program: string): ConfigKey[] {
  return [...program.matchAll(/config\.require(\w*)(?:<.*?>)?\("(\w+)"\)/g)].map(
    ([, kind = "", key = ""]) => ({ key, value: valueOf(kind, key), isSecret: kind.includes("Secret") }),
  );
}

function valueOf(kind: string, key: string): string {
  if (kind.includes("Object")) {
    return JSON.stringify({ database: WEBHOOK, network: WEBHOOK, storage: WEBHOOK });
  }
  return /webhook/i.test(key) ? WEBHOOK : ALARM_UUID;
}
