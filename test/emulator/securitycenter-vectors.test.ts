import { readRpcRequest } from "../../emulator/securitycenter/rpc-request";
import { readV1 } from "../../emulator/securitycenter/signature-v1";
import { readV3 } from "../../emulator/securitycenter/signature-v3";

const HOST = "tds.ap-southeast-1.aliyuncs.com";
const KEY_ID = "LTAIexampleKeyId";
const SECRET = "exampleSecret0123456789";
const NONCE = "0123456789abcdef0123456789abcdef";
const NOW = "2026-01-02T03:04:05Z";
const TOKEN = "CAISexampleToken==";
const EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const CREATE_QUERY =
  "ConfigList=%5B%7B%22type%22%3A%22sas_analysis_online-sas-operation-log-sas-event-hc%22%2C%22configItemList%22%3A%5B%7B%22key%22%3A%22item_level%22%2C%22valueList%22%3A%5B%22high%22%2C%22medium%22%5D%7D%5D%7D%5D&DingTalkLang=en&GroupIdList=%5B%2210417151%22%5D&IntervalTime=0&RuleActionName=sec%20alerts%20%28prod%29%21%2A%27~%20%E5%91%8A%E8%AD%A6&SendUrl=https%3A%2F%2Foapi.dingtalk.com%2Frobot%2Fsend%3Faccess_token%3DXXX";
const LIST_QUERY = "CurrentPage=1&PageSize=20";

interface Vector {
  name: string;
  method: string;
  query: string;
  headers: Record<string, string>;
  digest?: string;
  stringToSign?: string;
  signature: string;
}

/** The vectors of section 2: every one as it would stand on the wire. */
const VECTORS: readonly Vector[] = [
  v3("V3-1", "DescribeDingTalk", LIST_QUERY, {
    digest: "850cf456863864add06b18133e81d70d8780703297d86adc992ab66b4c82e59a",
    signature: "8aaba445217a4414cfd655dbcfd7aed66e5c6e4e5de9e8f43ce8114c7f2f3b27",
  }),
  v3("V3-2", "DescribeDingTalk", LIST_QUERY, {
    digest: "2c27b62fc2525f46cd495769d6fa0a6ecf238fea9694d2f3dcc1c32f53399c63",
    signature: "4b98eda393cb2c06f7cf599be5aad854d40d430c687e5f548d35783977fcf771",
    token: TOKEN,
  }),
  v3("V3-3", "CreateOrUpdateDingTalk", CREATE_QUERY, {
    digest: "0d2f2a76045167b568d81ba54c4829195c747e3909d85a7ed3aef5acca18124e",
    signature: "e4f0803afed790c6951eea084b04c21859beb81db2109a3d38b7b7161ec32aad",
  }),
  {
    ...v1("V1-1", "POST", "DescribeDingTalk", "JSON", LIST_QUERY, "ohsJ1z9E7hAXBHFSluFE4QLcAlU="),
    stringToSign:
      "POST&%2F&AccessKeyId%3DLTAIexampleKeyId%26Action%3DDescribeDingTalk%26CurrentPage%3D1%26Format%3DJSON%26PageSize%3D20%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D0123456789abcdef0123456789abcdef%26SignatureVersion%3D1.0%26Timestamp%3D2026-01-02T03%253A04%253A05Z%26Version%3D2018-12-03",
  },
  v1("V1-1 as GET", "GET", "DescribeDingTalk", "JSON", LIST_QUERY, "oPnflXsOZSLn59o7s1r80TfCHHI="),
  v1("V1-1 with STS", "POST", "DescribeDingTalk", "JSON", LIST_QUERY, "ZtcOA3pawOOw+5ZKGrCyN6LOf5k=", TOKEN),
  v1("V1-2", "POST", "CreateOrUpdateDingTalk", "json", CREATE_QUERY, "rNHeeBdosDl12l5iu8nPczIfiTE="),
];

function v3(
  name: string,
  action: string,
  query: string,
  expected: { digest: string; signature: string; token?: string },
): Vector {
  const headers: Record<string, string> = {
    host: HOST,
    "x-acs-action": action,
    "x-acs-content-sha256": EMPTY_HASH,
    "x-acs-date": NOW,
    "x-acs-signature-nonce": NONCE,
    "x-acs-version": "2018-12-03",
  };
  if (expected.token !== undefined) {
    headers["x-acs-accesskey-id"] = KEY_ID;
    headers["x-acs-security-token"] = expected.token;
  }
  const signed = Object.keys(headers).sort().join(";");
  headers.authorization = `ACS3-HMAC-SHA256 Credential=${KEY_ID},SignedHeaders=${signed},Signature=${expected.signature}`;
  return { name, method: "POST", query, headers, ...expected };
}

function v1(
  name: string,
  method: string,
  action: string,
  format: string,
  query: string,
  signature: string,
  token?: string,
): Vector {
  const common = new URLSearchParams({
    Action: action,
    Version: "2018-12-03",
    Format: format,
    AccessKeyId: KEY_ID,
    SignatureMethod: "HMAC-SHA1",
    SignatureVersion: "1.0",
    SignatureNonce: NONCE,
    Timestamp: NOW,
    Signature: signature,
    ...(token === undefined ? {} : { SecurityToken: token }),
  });
  return { name, method, query: `${common.toString()}&${query}`, headers: { host: HOST }, signature };
}

describe("the vectors of the fact sheet", () => {
  test.each(VECTORS)("$name: the server comes to the same signature", (vector) => {
    const request = readRpcRequest({
      method: vector.method,
      path: "/",
      query: new URLSearchParams(vector.query),
      headers: vector.headers,
      body: Buffer.alloc(0),
      remoteAddress: "",
    });
    const claim = request.signatureVersion === "V3" ? readV3(request) : readV1(request);
    if (vector.digest !== undefined) {
      expect(claim.stringToSign).toBe(`ACS3-HMAC-SHA256\n${vector.digest}`);
    }
    if (vector.stringToSign !== undefined) {
      expect(claim.stringToSign).toBe(vector.stringToSign);
    }
    expect(claim.sign(SECRET)).toBe(vector.signature);
  });
});
