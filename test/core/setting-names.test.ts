import { misnamed } from "../../provider/core/settings/setting-names";
import type { ConfigLookup } from "../../provider/core/settings/settings";
import { securityCenterSettings } from "../../provider/securitycenter/settings/table";
import { zstackSettings } from "../../provider/zstack/settings/table";

type Values = Record<string, string>;
const listed = (values: Values): ConfigLookup =>
  Object.assign((key: string) => values[key], { keys: Object.keys(values) });

function told(values: Values, config = listed(values)): string[] {
  return [zstackSettings, securityCenterSettings].flatMap((table) => [...misnamed(config, table).values()]);
}

test.each([
  ["zstack:endpont", "zstack:endpoint"],
  ["zstack:Endpoint", "zstack:endpoint"],
  ["zstack:endpoints", "zstack:endpoint"],
  ["zstack:time_zone", "zstack:timezone"],
  ["zstack:accountPasword", "zstack:accountPassword"],
  ["zstack:access-key-id", "zstack:accessKeyId"],
  ["zstack:cafile", "zstack:caFile"],
  ["zstack:insecureSkipVerfiy", "zstack:insecureSkipVerify"],
  ["zstack:proxxy", "zstack:proxy"],
  ["alicloud:access_key", "alicloud:accessKey"],
  ["alicloud:acessKey", "alicloud:accessKey"],
  ["alicloud:secretkey", "alicloud:secretKey"],
  ["alicloud:assume_role", "alicloud:assumeRole"],
  ["alicloud:assumeRoleWithOIDC", "alicloud:assumeRoleWithOidc"],
  ["alicloud:credentialsURI", "alicloud:credentialsUri"],
  ["alicloud:profle", "alicloud:profile"],
  ["securitycenter:sites", "securitycenter:site"],
])("%s is told to be meant for %s", (key, meant) => {
  // Also where the right one is set besides.
  expect(told({ [key]: "x", [meant]: "y" })).toEqual([`${key} is not a setting. Did you mean "${meant}"?`]);
});

test.each([
  ["zstack:host", "zstack:endpoint"],
  ["zstack:password", "zstack:accountPassword"],
  ["zstack:username", "zstack:accountName"],
  ["alicloud:accessKeyId", "alicloud:accessKey"],
  ["alicloud:accessKeySecret", "alicloud:secretKey"],
  ["securitycenter:region", "alicloud:region"],
  ["securitycenter:assumeRole", "alicloud:assumeRole"],
])("%s, the name of another tool, is refused unless %s is set, too", (key, meant) => {
  expect(told({ [key]: "x" })).toEqual([`${key} is not a setting of this package: write ${meant}.`]);
  expect(told({ [key]: "x", [meant]: "y" })).toEqual([]);
});

test("settings of others, and of a project that is called like a namespace, are left alone", () => {
  const values = {
    "zstack:instanceType": "small",
    "zstack:alarmGroup": "ops",
    "zstack:regions": "a",
    "alicloud:accountId": "1",
    "alicloud:protocol": "HTTPS",
    "alicloud:clientReadTimeout": "1",
    "alicloud:endpoints": "[]",
    "securitycenter:owner": "me",
    "other:endpont": "x",
    "zstack:endpont": "",
  };
  expect(told(values)).toEqual([]);
});

test("where keys can only be looked up, the names of other tools and other spellings are", () => {
  const values = { "zstack:access_key_id": "x", "zstack:host": "y", "alicloud:secret-key": "z" };
  expect(told(values, (key) => values[key as keyof typeof values])).toEqual([
    "zstack:host is not a setting of this package: write zstack:endpoint.",
    'zstack:access_key_id is not a setting. Did you mean "zstack:accessKeyId"?',
    'alicloud:secret-key is not a setting. Did you mean "alicloud:secretKey"?',
  ]);
});
