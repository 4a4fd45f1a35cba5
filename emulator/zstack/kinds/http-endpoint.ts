import { text } from "../../frame/value";
import { invalid } from "../rest/errors";
import { textOf } from "../rest/operation";
import { EndpointForm, type EndpointBase } from "./endpoint-form";

const BASE = "/sns/application-endpoints/http";

/** An endpoint that gets messages as plain JSON (section 6.4). */
export interface HttpEndpoint extends EndpointBase {
  type: "HTTP";
  username: string | undefined;
  password: string | undefined;
}

const form = new EndpointForm<HttpEndpoint>({
  type: "HTTP",
  members: {
    username: text("User of an HTTP endpoint.").optional(),
    password: text("Password of an HTTP endpoint; never shown by the API.").optional(),
  },
  defaults: { username: undefined, password: undefined },
  className: "org.zstack.sns.platform.http.SNSHttpEndpointInventory",
  inventory: ({ url, username }) => ({ url, username }),
  queried: ["url", "username"],
});

const create = form.create(
  { name: "CreateSNSHttpEndpoint", path: BASE },
  [
    { name: "username", type: "string", maxChars: 128 },
    { name: "password", type: "string", maxChars: 512 },
  ],
  {
    check: ({ params }) => {
      if ((textOf(params, "username") === undefined) !== (textOf(params, "password") === undefined)) {
        invalid("username and password must be given together", "用户名和密码必须同时指定");
      }
    },
    members: ({ params }) => ({ username: textOf(params, "username"), password: textOf(params, "password") }),
  },
);

export const httpEndpoint = {
  form,
  operations: [create, form.query({ name: "QuerySNSHttpEndpoint", path: BASE })],
};
