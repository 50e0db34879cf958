import { createHash, type KeyObject, sign } from "node:crypto";
import { Agent, request } from "undici";
import { createCertificateAuthority } from "../certificates";
import { type OciOptions, type OciServer, startOci } from "../oci/server";
import { rsaKeys } from "../rsa-keys";

export const tenancyId = "ocid1.tenancy.oc1..test";
export const userId = "ocid1.user.oc1..test";
export const compartmentId = "ocid1.compartment.oc1..test";

/** A host name of the real Identity API, in a region that is not the home region. */
export const foreignHost = "identity.us-ashburn-1.oci.oraclecloud.com";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into bodies of every form
  body: any;
}

export interface Signer {
  privateKey: KeyObject;
  /** PEM */
  publicKey: string;
  fingerprint: string;
}

export function createSigner(): Signer {
  // Short, and so quick to sign with: it only has to tell one caller from another.
  const { privateKey, publicKey } = rsaKeys(1024);
  const der = publicKey.export({ type: "spki", format: "der" });
  const fingerprint = createHash("md5").update(der).digest("hex").match(/../g)?.join(":") as string;
  return { privateKey, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(), fingerprint };
}

/** The headers of a signed request. `change` may spoil the headers before (`headers`) or the text after signing. */
export function signedHeaders(
  signer: Signer,
  method: string,
  url: URL,
  body: string,
  change: { headers?: Record<string, string>; leaveOut?: string[]; keyId?: string } = {},
): Record<string, string> {
  const hasBody = ["POST", "PUT", "PATCH"].includes(method);
  const headers: Record<string, string> = {
    date: new Date().toUTCString(),
    host: url.host,
    ...(hasBody && {
      "content-length": String(Buffer.byteLength(body)),
      "content-type": "application/json",
      "x-content-sha256": createHash("sha256").update(body).digest("base64"),
    }),
    ...change.headers,
  };
  const names = [
    "date",
    "(request-target)",
    "host",
    ...(hasBody ? ["content-length", "content-type", "x-content-sha256"] : []),
  ];
  const signed = names.filter((name) => !change.leaveOut?.includes(name));
  const value = (name: string) =>
    name === "(request-target)" ? `${method.toLowerCase()} ${url.pathname}${url.search}` : headers[name];
  const text = signed.map((name) => `${name}: ${value(name)}`).join("\n");
  const signature = sign("RSA-SHA256", Buffer.from(text), signer.privateKey).toString("base64");
  const keyId = change.keyId ?? `${tenancyId}/${userId}/${signer.fingerprint}`;
  headers.authorization = `Signature version="1",headers="${signed.join(" ")}",keyId="${keyId}",algorithm="rsa-sha256",signature="${signature}"`;
  return headers;
}

/** A stand-in with a client that trusts its certificate and signs its requests. */
export class Cloud {
  private constructor(
    readonly server: OciServer,
    readonly signer: Signer,
    readonly certPem: string,
    private readonly agent: Agent,
  ) {}

  static async start(options: Partial<OciOptions> = {}): Promise<Cloud> {
    const authority = await createCertificateAuthority();
    const signer = createSigner();
    const tls = await authority.issue(["localhost", "127.0.0.1", foreignHost]);
    const server = await startOci({ tls, workRequestMillis: 5, callerPublicKey: signer.publicKey, ...options });
    return new Cloud(server, signer, authority.certPem, new Agent({ connect: { ca: authority.certPem } }));
  }

  async send(method: string, url: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const reply = await request(url, { method: method as "GET", headers, body, dispatcher: this.agent });
    const text = await reply.body.text();
    return { status: reply.statusCode, headers: reply.headers, body: text === "" ? undefined : JSON.parse(text) };
  }

  /** A signed request with a JSON body. */
  call(method: string, url: string, body?: unknown, extra: Record<string, string> = {}): Promise<Answer> {
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = { ...signedHeaders(this.signer, method, new URL(url), text), ...extra };
    return this.send(method, url, headers, text === "" ? undefined : text);
  }

  /** A signed request to the Identity API, at a path below `/20160918`. */
  api(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.call(method, `${this.server.url}/20160918${path}`, body);
  }

  /** Waits for the work request of an answer and returns it. */
  async finished({ status, headers, body }: Answer): Promise<Record<string, unknown>> {
    if (status !== 202) throw new Error(`no work request, but ${status}: ${JSON.stringify(body)}`);
    for (;;) {
      const { body: view } = await this.api("GET", `/iamWorkRequests/${headers["opc-work-request-id"]}`);
      if (view.timeFinished) return view;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Creates a domain, waits until it is active and returns it. */
  async createDomain(changes: Record<string, unknown> = {}): Promise<{ id: string; url: string }> {
    const work = await this.finished(await this.api("POST", "/domains", { ...domainDetails(), ...changes }));
    const [{ identifier }] = work.resources as [{ identifier: string }];
    return (await this.api("GET", `/domains/${identifier}`)).body;
  }

  async close(): Promise<void> {
    await this.agent.close();
    await this.server.close();
  }
}

let domainCount = 0;

export function domainDetails() {
  domainCount += 1;
  return {
    compartmentId,
    description: "a domain",
    displayName: `domain-${domainCount}`,
    homeRegion: "eu-frankfurt-1",
    licenseType: "free",
  };
}

let appCount = 0;

/** Body of a confidential app that is client and resource server. */
export function appDetails(changes: Record<string, unknown> = {}) {
  appCount += 1;
  return {
    schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:App"],
    displayName: `app-${appCount}`,
    basedOnTemplate: { value: "CustomWebAppTemplateId" },
    clientType: "confidential",
    isOAuthClient: true,
    isOAuthResource: true,
    audience: `https://api-${appCount}.example.com/`,
    scopes: [{ value: "read" }, { value: "write" }],
    allowedGrants: ["client_credentials"],
    ...changes,
  };
}

export function userDetails(userName: string, changes: Record<string, unknown> = {}) {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName,
    name: { familyName: "Smith", givenName: "Alice" },
    emails: [{ type: "work", value: userName, primary: true }],
    ...changes,
  };
}

export function groupDetails(displayName: string, changes: Record<string, unknown> = {}) {
  return { schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], displayName, ...changes };
}

export const patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
