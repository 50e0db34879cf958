import type { Socket } from "node:net";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import fc from "fast-check";
import { checkJwks, checkToken } from "../../oauth/checks";
import { clientCredentialsToken } from "../../oauth/client-credentials";
import { discover } from "../../oauth/discovery";
import { callApi } from "../../oauth/protected-resource";
import { parseToken } from "../../oauth/token";
import { Oci, ociMessage } from "../../scripts/oci/client";
import { OutsideError } from "../../scripts/terminal/failure";
import { renderChecks } from "../../scripts/terminal/render";
import type { Terminal } from "../../scripts/terminal/terminal";
import { TcpServer } from "../tcp-server";
import { watchFetch } from "../watched-fetch";
import { changedBytes, changedJson, hostileText, inTurn } from "./hostile";
import { type Bench, type Case, generated, type Source } from "./source";

/** What a server sends, byte by byte, before it ends the connection. */
type Answer = Iterable<Uint8Array>;

/** What servers answer: the domain's keys, its discovery document, its tokens, the API, and OCI's own API. */
export async function httpSources({ deployed }: Bench): Promise<Source[]> {
  const server = await new RawServer().listen("127.0.0.1");
  const url = `http://127.0.0.1:${server.port}`;
  const text = await deployed.token();
  const token = parseToken(text);
  const { issuer, audience } = deployed.outputs.profile;
  const expected = { issuer, audience, scopes: ["hello.read"] };
  const keys = {
    keys: [
      {
        kty: "RSA",
        kid: String(token.header.kid),
        use: "sig",
        alg: "RS256",
        n: "u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0",
        e: "AQAB",
        key_ops: ["encrypt"],
        x5c: ["MIIC"],
      },
      { kty: "EC", crv: "P-256", x: "a", y: "b" },
    ],
  };
  const document = {
    issuer,
    authorization_endpoint: "https://127.0.0.1/oauth2/v1/authorize",
    token_endpoint: `https://127.0.0.1:${server.port}/oauth2/v1/token`,
    end_session_endpoint: `https://127.0.0.1:${server.port}/oauth2/v1/userlogout`,
    authorization_response_iss_parameter_supported: true,
  };
  const known = {
    domainUrl: url,
    authorizationEndpoint: document.authorization_endpoint,
    tokenEndpoint: document.token_endpoint,
    issuer,
  };
  const granted = {
    access_token: text,
    token_type: "Bearer",
    expires_in: 3600,
    refresh_token: "r",
    scope: "hello.read",
  };

  const jwks = async (terminal: Terminal) => {
    terminal.log(renderChecks([await checkJwks(`${url}/jwk`)]));
    terminal.log(renderChecks(await checkToken(token, `${url}/jwk`, expected)));
  };
  const discovery = async (terminal: Terminal) => terminal.json(await discover(known));
  const tokens = async (terminal: Terminal) => {
    const tokenEndpoint = `${url.replace("http:", "https:")}/token`;
    const watched = watchFetch(new Map([[new URL(tokenEndpoint).origin, url]]));
    const request = { tokenEndpoint, clientId: "client", clientSecret: deployed.clientSecret, scopes: ["x"] };
    terminal.json(await clientCredentialsToken(request).finally(watched.restore));
  };
  const api = async (terminal: Terminal) => {
    const { status, body, ...rest } = await callApi(`${url}/api`, text);
    const got = `${status} ${body.slice(0, 200)} ${JSON.stringify(rest)}`;
    terminal.log(renderChecks([{ what: "GET", expected: "2xx", got, ok: true }]));
  };

  const of = (work: (terminal: Terminal) => Promise<unknown>) => (answer: Uint8Array) => ({
    ports: [server.port],
    run(terminal: Terminal) {
      server.answer = [answer];
      return work(terminal);
    },
  });
  const sources = [
    generated("JWKS", 7, answers(changedJson(keys)), of(jwks)),
    generated("discovery document", 5, answers(changedJson(document)), of(discovery)),
    generated("token answer", 6, answers(changedJson(granted)), of(tokens)),
    generated("API's answer", 2, answers(hostileText), of(api)),
    ...ociSources(server, url),
  ];
  const large: Source = {
    name: "large answers",
    share: 0,
    cases: () =>
      Object.entries(largeAnswers).flatMap(([what, answer]) =>
        Object.entries({ jwks, discovery, tokens, api, oci: ociCall(url, 1) })
          // The SDK asks again for two minutes.
          .filter(([to]) => !(to === "oci" && /head|Continue/.test(what)))
          .map(
            ([to, work]): Case => ({
              what: `${what} to ${to}`,
              size: 0,
              ports: [server.port],
              run(terminal) {
                server.answer = answer();
                return work(terminal);
              },
            }),
          ),
      ),
    close: () => server.close(),
  };
  return [...sources, large];
}

const heads = [
  "HTTP/1.1 200 OK\r\ncontent-type: application/json",
  "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: gzip",
  "HTTP/1.1 200 \u001b[31mOK\u009b\r\ncontent-type: application/json\r\nserver: \u001b]0;x\u0007",
  "HTTP/1.1 302 Found\r\nlocation: https://stranger.invalid/\r\ncontent-type: application/json",
  "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/",
  "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json",
  'HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\nwww-authenticate: Basic realm="\u009b31m", error="x"',
  "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\nopc-request-id: \u001b[2J",
  "HTTP/1.1 204 No Content",
  "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nopc-next-page: more",
] as const;

/** Answers with such a body, whole or with other bytes. */
function answers(body: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const head = fc.oneof({ weight: 2, arbitrary: fc.constant(heads[0]) }, { weight: 1, arbitrary: inTurn(heads) });
  const whole = fc.tuple(head, body).map(([first, text]) => answerOf(first, Buffer.from(text)));
  return fc.oneof({ weight: 6, arbitrary: whole }, { weight: 1, arbitrary: whole.chain(changedBytes) });
}

/** Those that the SDK does not ask for again, which takes it minutes. */
function ociAnswers(body: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const head = inTurn(heads.filter((each) => !["gzip", "\u001b"].some((text) => each.includes(text))));
  return fc.tuple(head, body).map(([first, text]) => answerOf(first, Buffer.from(text)));
}

function answerOf(head: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${head}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`), body]);
}

/** Far more than anybody reads, or than fits in memory. */
const largeAnswers: Record<string, () => Answer> = {
  "50 MB": () => [answerOf(heads[0], Buffer.alloc(50_000_000, "["))],
  endless: () => endless(Buffer.from(`${heads[0]}\r\n\r\n`), Buffer.alloc(65_536, " ")),
  "an endless list": () =>
    endless(Buffer.from(`${heads[0]}\r\n\r\n{"keys":[`), Buffer.from('{"kty":"RSA"},'.repeat(4_000))),
  "1 GB in gzip": () => [bomb("gzip", Buffer.concat(Array(100).fill(gzipSync(Buffer.alloc(10_000_000)))))],
  "100 MB in brotli": () => [bomb("br", brotliCompressSync(Buffer.alloc(100_000_000), quick))],
  "an endless head": () => endless(Buffer.from("HTTP/1.1 200 OK\r\n"), Buffer.from(`x: ${"x".repeat(1_000)}\r\n`)),
  "endlessly Continue": () => endless(Buffer.from(""), Buffer.from("HTTP/1.1 100 Continue\r\n\r\n".repeat(100))),
};
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 24 } };

function bomb(encoding: string, body: Uint8Array): Buffer {
  return answerOf(`${heads[0]}\r\ncontent-encoding: ${encoding}`, body);
}

function* endless(first: Uint8Array, then: Uint8Array): Generator<Uint8Array> {
  yield first;
  for (;;) yield then;
}

/** What is asked of OCI, a call each, as text. */
function ociCall(url: string, index: number) {
  const oci = new Oci({ region: "eu-frankfurt-1" }, () => {});
  const tag = { key: "ords-jwt", value: "local" };
  const calls: (() => Promise<unknown>)[] = [
    () => oci.domainState("ocid1.domain.oc1..x"),
    () => oci.domainUrl("ocid1.domain.oc1..x"),
    () => oci.domainStateByUrl("ocid1.compartment.oc1..x", url),
    () => oci.taggedDomains("ocid1.compartment.oc1..x", tag),
    () => oci.app(url, "client"),
    () => oci.tagged(url, "Apps", tag),
    () => oci.tagged(url, "Users", tag),
    () => oci.grantsOf(url, "app"),
    () => oci.having(url, "Groups", 'displayName eq "x"'),
    () => oci.repeat("GET", url, "Apps", "x"),
  ];
  return async (terminal: Terminal) => {
    process.env.CLIENT_HOST_OVERRIDES = `oci_identity.IdentityClient=${url}`;
    try {
      terminal.log(JSON.stringify(await calls[index % calls.length]!()) ?? "nothing");
    } catch (error) {
      // As every caller does.
      throw new OutsideError(ociMessage(error));
    }
  };
}

function ociSources(server: RawServer, url: string): Source[] {
  const domain = {
    id: "ocid1.domain.oc1..x",
    displayName: "ords-local",
    url,
    lifecycleState: "ACTIVE",
    freeformTags: { "ords-jwt": "local" },
    timeCreated: "2026-11-27T00:00:00Z",
  };
  const tags = { freeformTags: [{ key: "ords-jwt", value: "local" }] };
  const resource = {
    id: "x",
    displayName: "app",
    active: true,
    app: { value: "app" },
    grantee: { value: "user" },
    "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags": tags,
  };
  const list = {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: 1,
    Resources: [resource],
  };
  const documents: unknown[] = [domain, domain, [domain], [domain], list, list, list, list, list, resource];
  const refusal = { code: "NotAuthorizedOrNotFound", message: "Authorization failed", detail: "no", status: "404" };
  const inputs = fc
    .nat(documents.length - 1)
    .chain((index) => ociAnswers(changedJson(documents[index])).map((answer) => ({ index, answer })));
  const refusals = ociAnswers(changedJson(refusal)).map((answer) => ({ index: 0, answer }));
  const of = ({ index, answer }: { index: number; answer: Uint8Array }) => ({
    ports: [server.port],
    run(terminal: Terminal) {
      server.answer = [answer];
      return ociCall(url, index)(terminal);
    },
  });
  // What prints it looked for secrets in it for hours.
  const blanks = " ".repeat(5_000);
  const bodies = [blanks, JSON.stringify({ ...refusal, message: blanks })];
  return [
    generated("OCI's answer", 4, fc.oneof({ weight: 5, arbitrary: inputs }, { weight: 1, arbitrary: refusals }), of),
    {
      name: "OCI's refusal, of blanks",
      share: 0,
      cases: () =>
        bodies.map((body) => ({
          what: `OCI refuses with ${body.slice(0, 80).trim() || "nothing else"}`,
          size: body.length,
          ...of({ index: 0, answer: answerOf(heads[5], Buffer.from(body)) }),
        })),
    },
  ];
}

/** Sends what it is told, whatever it is asked. */
class RawServer extends TcpServer {
  answer: Answer = [];

  protected serve(socket: Socket): void {
    this.keep(socket);
    socket.once("data", () => {
      const pieces = this.answer[Symbol.iterator]();
      const more = () => {
        for (;;) {
          if (!socket.writable) return;
          const { value, done } = pieces.next();
          if (done) return void socket.end();
          if (!socket.write(value)) return;
        }
      };
      socket.on("drain", more);
      more();
    });
  }
}
