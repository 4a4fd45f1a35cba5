import { ENGINE_TEST_TIMEOUT_MS } from "./harness";
import { errorOf, idOf } from "./support/lab";
import { namesOf, provider, robot, RobotLab, viewOf } from "./support/robot-lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const SECOND_ACCOUNT = "2222222222222222";
const keys = ({ accessKeyId, accessKeySecret }: Record<"accessKeyId" | "accessKeySecret", string>) => ({
  ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
});

let lab: RobotLab;
beforeAll(async () => {
  lab = await RobotLab.create();
});
afterAll(() => lab.dispose());

test("explicit providers hold both sites in one program, one of them with temporary keys, and equal ids are no confusion", async () => {
  const sts = lab.emulator.securitycenter.issueStsToken();
  const temporary = {
    accessKey: sts.accessKeyId,
    secretKey: sts.accessKeySecret,
    securityToken: sts.securityToken,
  };
  const program = (language: string): string[] => [
    provider("abroad", lab.emulator, temporary, "international"),
    robot("here", { name: "here" }),
    robot("there", { name: "there", language }, "{ provider: abroad }"),
    `const group = new pulumi.ComponentResource("test:Group", "group", {}, { providers: [abroad] });`,
    robot("below", { name: "below" }, "{ parent: group, dependsOn: there }"),
  ];
  const first = await lab.up(program("zh"));
  expect(namesOf(lab.emulator)).toEqual(["here"]);
  expect(namesOf(lab.emulator, "international")).toEqual(["below", "there"]);
  expect(idOf(first, "here")).toBe(idOf(first, "there"));

  await lab.up(program("en"));
  expect(lab.changes).toEqual(["update"]);
  expect(viewOf(lab.emulator, idOf(first, "there"), "international")).toMatchObject({ language: "en" });
  expect(lab.view(idOf(first, "here"))).toMatchObject({ language: "zh" });

  const shown = JSON.stringify(await lab.project.export());
  for (const secret of ["canary", sts.accessKeySecret, sts.securityToken]) {
    expect(shown).not.toContain(secret);
  }
  await lab.project.destroy();
  expect([...namesOf(lab.emulator), ...namesOf(lab.emulator, "international")]).toEqual([]);
});

test("keys of another account refuse to destroy, naming both, and other keys and another address of the same one are fine", async () => {
  const { accessKeys } = lab.emulator.securitycenter;
  const id = idOf(await lab.up([robot("duty", { name: "duty" })]), "duty");
  lab.existing("theirs", { aliUid: Number(SECOND_ACCOUNT) });
  const recorded = await lab.recorded();
  const refused = await lab.project.destroy([], {
    expectExit: 1,
    env: keys(accessKeys.add({ accountId: SECOND_ACCOUNT })),
  });
  for (const part of [
    `DingTalk robot ${id} belongs to another account`,
    "Recorded in: china (account 1234567890123456)",
    `Connected to: china (account ${SECOND_ACCOUNT})`,
  ]) {
    expect(refused.text).toContain(part);
  }
  expect(await lab.recorded()).toEqual(recorded);

  const fresh = keys(accessKeys.add({}));
  await lab.project.setConfig({ "securitycenter:endpoint": lab.site.url.replace("127.0.0.1", "localhost") });
  await lab.up([robot("duty", { name: "renamed" })], [], { env: fresh });
  expect(lab.view(id)).toMatchObject({ name: "renamed" });
  await lab.project.destroy();
  expect(lab.names).toEqual(["theirs"]);
});

// The last one: what it sets stays in the stack config.
test("a role that the stack config names for @pulumi/alicloud is read as it arrives, and refused when it is none", async () => {
  const refused = await lab.up(
    [robot("a")],
    [
      "--config-path",
      "--config",
      "alicloud:assumeRole.roleArn=admin",
      "--config",
      "alicloud:region=cn-hangzhou",
    ],
    { expectExit: 1 },
  );
  expect(errorOf(refused, "a")).toMatch(/alicloud:assumeRole must name the role as roleArn: acs:ram::/);
  expect(lab.emulator.journal.entries).toEqual([]);
});
