import { relative } from "node:path";
import "../../provider";

/** What a program loads is small: whatever talks to a cloud belongs to the provider's process alone. */

const ROOT = `${__dirname}/../..`;
const loaded = Object.keys(require.cache).map((file) => relative(ROOT, file));
const packages = new Set(
  loaded.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []),
);

test("a program loads the classes and their field tables", () => {
  expect(loaded).toContain("provider/zstack/resources/dingtalk-endpoint.ts");
  expect(packages).toContain("@pulumi/pulumi");
});

test.each(["axios", "cockatiel", "dataloader", "@alicloud/credentials", "commander"])(
  "a program does not load the package %s",
  (name) => {
    expect(packages).not.toContain(name);
  },
);

test.each([
  "provider/core/transport/http.ts",
  "provider/core/transport/connect.ts",
  "provider/runtime.ts",
  "provider/zstack/transport/client.ts",
  "provider/zstack/connection.ts",
  "provider/zstack/transport/session.ts",
  "provider/zstack/transport/access-key.ts",
  "provider/zstack/settings/settings.ts",
  "provider/securitycenter/transport/client.ts",
  "provider/securitycenter/connection.ts",
  "provider/securitycenter/transport/signer.ts",
  "provider/securitycenter/credentials/credentials.ts",
  "provider/pulumi/process/dynamic-front.ts",
  "provider/pulumi/process/engine-log.ts",
  "provider/pulumi/process/lifeline.ts",
])("a program does not load %s", (file) => {
  // A renamed file would make this test say nothing.
  expect(() => require.resolve(`${ROOT}/${file}`)).not.toThrow();
  expect(loaded).not.toContain(file);
});
