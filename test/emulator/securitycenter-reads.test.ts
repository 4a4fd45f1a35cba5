import { start, type Emulator } from "../../emulator";
import { SecurityCenterClient } from "./securitycenter-client";

describe("the other reads", () => {
  let emulator: Emulator;
  let client: SecurityCenterClient;
  beforeEach(async () => {
    emulator = await start({ seed: 1, securitycenter: { international: { typePrefix: "onlineSh" } } });
    client = new SecurityCenterClient(emulator);
  });
  afterEach(() => emulator.close());

  interface Field {
    Filed: string;
    Sample: string;
  }
  const dataSource = async (from: SecurityCenterClient, parameters: Record<string, string> = {}) => {
    const { json } = await from.call("DescribeDataSource", parameters);
    return json.MetaDatas as { DataSourceName: string; Description: string; MetaDataFields: Field[] }[];
  };

  test("DescribeDataSource tells types, keys and values", async () => {
    const types = await dataSource(client, { ConfigType: "DingTalk", Lang: "en" });
    expect(types.map(({ DataSourceName }) => DataSourceName.replace(/^.*-sas-event-/, ""))).toEqual([
      "vul",
      "hc",
      "suspicious",
      "ak-leakage",
      "honeypot",
      "rasp",
    ]);
    expect(types[0]).toEqual({
      DataSourceId: 1,
      DataSourceName: "sas_analysis_online-sas-operation-log-sas-event-vul",
      Description: "dingtalk_vul",
      MetaDataFields: [
        expect.objectContaining({
          Filed: "type",
          FiledName: expect.any(String),
          ValueType: "string",
          Sample:
            "all:dingtalk_all;cms:dingtalk_vul_cms;oval:dingtalk_vul_cve;sys:dingtalk_vul_sys;emg:dingtalk_vul_emg",
          OperatorList: [{ Name: expect.any(String), Description: expect.any(String) }],
        }),
        expect.objectContaining({ Filed: "necessity" }),
      ],
    });
    expect(types[2]?.MetaDataFields[1]?.Sample).toContain("Webshell:");
    expect(await dataSource(client, { ConfigType: "Other" })).toEqual([]);
  });

  test("DescribeDataSource follows language, echo and prefix of the site", async () => {
    expect((await dataSource(client))[2]?.MetaDataFields[1]?.Sample).toContain("网站后门:");
    emulator.securitycenter.china.switches.eventTypeEcho = "en";
    expect((await dataSource(client))[2]?.MetaDataFields[1]?.Sample).toContain("Webshell:");
    const abroad = await dataSource(new SecurityCenterClient(emulator, "international"));
    expect(abroad[5]?.DataSourceName).toBe("sas_analysis_online-sas-operation-log-sh-sas-event-rasp");
  });

  test("DescribeAllGroups and DescribeGroupStruct tell the asset groups", async () => {
    emulator.securitycenter.china.assetGroups.add({ groupId: 9, groupName: "nine" });
    expect((await client.call("DescribeAllGroups")).json).toMatchObject({
      Count: 3,
      Groups: [
        { GroupId: 10417151, GroupName: "default", GroupFlag: 0 },
        { GroupId: 10417152, GroupName: "production", GroupFlag: 1 },
        { GroupId: 9, GroupName: "nine", GroupFlag: 1 },
      ],
    });
    const { json } = await client.call("DescribeGroupStruct");
    expect(json).toMatchObject({
      GroupId: 10417151,
      GroupFlag: 0,
      MachineNum: 0,
      Groups: [expect.any(String)],
    });
    expect(JSON.parse(json.Groups[0] as string)).toMatchObject([
      { groupId: 10417152, groupName: "production", groupFather: 10417151 },
      { groupId: 9, groupName: "nine", groupFather: 10417151 },
    ]);
    emulator.securitycenter.china.assetGroups.clear();
    expect((await client.call("DescribeGroupStruct")).json).toEqual({ RequestId: expect.any(String) });
  });

  test("DescribeVersionConfig tells the edition", async () => {
    expect((await client.call("DescribeVersionConfig")).json).toMatchObject({
      Version: 7,
      HighestVersion: 7,
    });
  });

  test("V1 answers in XML unless JSON is asked for", async () => {
    const options = { style: "V1 get", signed: { Format: undefined } } as const;
    emulator.securitycenter.china.robots.add({ actionName: "a<b>&c" });
    const list = await client.call("DescribeDingTalk", {}, options);
    expect(list.headers["content-type"]).toBe("text/xml;charset=utf-8");
    expect(list.text).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?><DescribeDingTalkResponse><PageInfo>.*<ActionList><Id>1001<\/Id><ActionName>a&lt;b&gt;&amp;c<\/ActionName>/,
    );
    const refused = await client.call("DeleteDingTalk", {}, options);
    expect(refused).toMatchObject({
      status: 400,
      text: expect.stringContaining("<Code>MissingParameter</Code>"),
    });
    const json = await client.call("DeleteDingTalk", {}, { style: "V1 get", signed: { Format: "json" } });
    expect(json.json.Code).toBe("MissingParameter");
  });
});
