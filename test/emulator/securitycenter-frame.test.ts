import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  SECURITY_CENTER_COVERAGE,
  SECURITY_CENTER_SWITCHES,
  start,
  switchRows,
  type Emulator,
} from "../../emulator";
import { compareCoverage } from "../../emulator/frame/coverage";
import { securityCenterRoutes } from "../../emulator/securitycenter/coverage";
import { CERTIFICATE, KEY } from "./certificate";
import { SecurityCenterClient, type Answer } from "./securitycenter-client";

describe("coverage matrix", () => {
  test("names exactly the calls that exist", () => {
    expect(compareCoverage(SECURITY_CENTER_COVERAGE, securityCenterRoutes())).toEqual({
      missingInMatrix: [],
      missingInCode: [],
    });
  });

  test.each(SECURITY_CENTER_COVERAGE.filter(({ status }) => status !== "absent"))(
    "$operation is covered by $testedBy",
    ({ operation, testedBy }) => {
      const file = join(__dirname, testedBy ?? "");
      expect(existsSync(file) && readFileSync(file, "utf8").includes(operation)).toBe(true);
    },
  );

  test("the test of every switch names it", () => {
    const tests = ["robot", "list", "update", "reads"].map((part) =>
      readFileSync(join(__dirname, `securitycenter-${part}.test.ts`), "utf8"),
    );
    const untested = switchRows(SECURITY_CENTER_SWITCHES).filter(
      ({ name }) => !tests.some((text) => text.includes(name)),
    );
    expect(untested).toEqual([]);
  });
});

describe("the frame around both sites", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await start({
      seed: 1,
      securitycenter: {
        accessKeyId: "LTAImine",
        accessKeySecret: "mine",
        accountId: "42",
        china: { maskUrl: "cut" },
      },
    });
  });
  afterEach(() => emulator.close());

  const control = async (method: string, path: string, body?: object): Promise<Answer["json"]> => {
    const response = await fetch(`${emulator.securitycenter.china.url}/_emulator${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.json();
  };

  test("listens on an address of its own at each site", () => {
    const { china, international } = emulator.securitycenter;
    expect(new Set([emulator.url, china.url, international.url]).size).toBe(3);
    for (const url of [china.url, international.url]) {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    }
  });

  test("a reset restores robots, groups, keys, switches, faults and nonces", async () => {
    const { securitycenter, journal } = emulator;
    const { china } = securitycenter;
    const client = new SecurityCenterClient(emulator);
    await client.put({}, { nonce: "n" });
    china.assetGroups.clear();
    china.switches.maskUrl = "masked";
    china.faults.add({ fault: { kind: "throttled" } });
    securitycenter.issueStsToken();
    securitycenter.accessKeys.edit("LTAImine", { status: "Inactive" });
    emulator.reset();
    expect([china.robots.size, china.assetGroups.size, china.switches.maskUrl, journal.count()]).toEqual([
      0,
      2,
      "cut",
      0,
    ]);
    expect(securitycenter.accessKeys.list()).toMatchObject([{ accessKeyId: "LTAImine", status: "Active" }]);
    expect((await client.put({}, { nonce: "n" })).status).toBe(200);
    // Ids go on: stacks still know the robot that had the first one.
    expect(china.robots.list()).toMatchObject([{ id: 1002, aliUid: 42 }]);
  });

  test("gives no id of a robot or of an asset group twice, not after a reset either", () => {
    const { robots, assetGroups } = emulator.securitycenter.china;
    const ids = () => [robots.add({}).id, assetGroups.add({}).groupId];
    const first = ids();
    robots.add({ id: 5000 });
    robots.remove("5000");
    emulator.reset();
    expect([first, ids()]).toEqual([
      [1001, 10417153],
      [5001, 10417154],
    ]);
    expect(assetGroups.list().map(({ groupId }) => groupId)).toEqual([10417151, 10417152, 10417154]);
  });

  test("begins with ids of its own at each start, unless a seed is given", async () => {
    const firstId = async (options: { seed?: number }) => {
      const one = await start(options);
      const ids = [one.securitycenter.china, one.securitycenter.international].map(
        (site) => site.robots.add({}).id,
      );
      await one.close();
      expect(new Set(ids).size).toBe(1);
      return ids[0];
    };
    expect([await firstId({ seed: 2 }), await firstId({ seed: 3 })]).toEqual([1001, 1001]);
    const ids = [await firstId({}), await firstId({})];
    expect(new Set(ids).size).toBe(2);
  });

  test("the control address tells and changes both sites from any of its addresses", async () => {
    const overview = await control("GET", "/");
    expect(overview.sites).toMatchObject([
      { name: "zstack", environment: { ZSTACK_ENDPOINT: emulator.url } },
      {
        name: "securitycenter-china",
        environment: {
          ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAImine",
          ALIBABA_CLOUD_ACCESS_KEY_SECRET: "mine",
          "securitycenter:site": "china",
          "securitycenter:endpoint": emulator.securitycenter.china.url,
        },
        objects: { robots: 0, assetGroups: 2, testMessages: 0, accessKeys: 1 },
      },
      {
        name: "securitycenter-international",
        environment: { "securitycenter:endpoint": emulator.securitycenter.international.url },
      },
      { name: "dingtalk", objects: { groups: 0, messages: 0, refusals: 0 } },
    ]);
    await control("PUT", "/securitycenter-international/switches", { edition: 3, maskUrl: "cut" });
    expect(emulator.securitycenter.international.switches).toMatchObject({ edition: 3, maskUrl: "cut" });
    await control("POST", "/securitycenter-international/objects/robots", { actionName: "by control" });
    await control("PUT", "/securitycenter-international/objects/robots/1001", { status: 0 });
    expect(emulator.securitycenter.international.robots.list()).toMatchObject([
      { actionName: "by control", status: 0 },
    ]);
    await control("POST", "/securitycenter-china/faults", { fault: { kind: "throttled" } });
    const client = new SecurityCenterClient(emulator);
    expect((await client.put()).json.Code).toBe("Throttling.User");
    const credentials = await control("POST", "/securitycenter-china/actions/issue-sts-token", {
      durationSeconds: 900,
    });
    expect((await client.put({}, { credentials })).status).toBe(200);
    const journal = await control("GET", "/journal?site=securitycenter-china");
    expect(journal).toHaveLength(2);
    expect(JSON.stringify(journal)).not.toContain("access_token");
  });

  test("speaks HTTPS on all addresses with a certificate", async () => {
    const secure = await start({ tls: { key: KEY, cert: CERTIFICATE } });
    const { china, international } = secure.securitycenter;
    for (const url of [secure.url, china.url, international.url]) {
      expect(url).toMatch(/^https:/);
    }
    await secure.close();
  });

  test("refuses an account id that the wire cannot carry", async () => {
    for (const accountId of ["", "abc", "9999999999999999", "12345678901234567"]) {
      await expect(start({ securitycenter: { accountId } })).rejects.toThrow(RangeError);
    }
  });

  test("takes fixed ports, and closes all when one of them is taken", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => {
      blocker.listen(0, "127.0.0.1", resolve);
    });
    const taken = (blocker.address() as AddressInfo).port;
    await expect(start({ securitycenter: { international: { port: taken } } })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
    await new Promise((resolve) => blocker.close(resolve));
    const fixed = await start({ securitycenter: { international: { port: taken } } });
    expect(fixed.securitycenter.international.url).toBe(`http://127.0.0.1:${String(taken)}`);
    await fixed.close();
  });
});
