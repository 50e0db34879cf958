/**
 * Takes a domain from creation to deletion with Oracle's TypeScript SDK, and prints what it saw as JSON. A process of
 * its own: the SDK trusts a private certificate authority only by NODE_EXTRA_CA_CERTS, which is read at start.
 * Standard input: `{ url, tenancyId, userId, fingerprint, privateKey, domain, user, apps }`.
 */
import { text } from "node:stream/consumers";
import * as common from "oci-common";
import * as identity from "oci-identity";
import * as identitydomains from "oci-identitydomains";

interface Failure {
  statusCode: number;
  serviceCode: string;
}

async function main(): Promise<void> {
  const input = JSON.parse(await text(process.stdin));
  const authenticationDetailsProvider = new common.SimpleAuthenticationDetailsProvider(
    input.tenancyId,
    input.userId,
    input.fingerprint,
    input.privateKey,
    null,
    common.Region.EU_FRANKFURT_1,
  );
  // An answer that the SDK would try again on is a failure here.
  const configuration = { retryConfiguration: common.NoRetryConfigurationDetails };
  const api = new identity.IdentityClient({ authenticationDetailsProvider }, configuration);
  api.endpoint = input.url;
  const waiters = api.createWaiters({
    terminationStrategy: new common.MaxTimeTerminationStrategy(10),
    delayStrategy: new common.FixedTimeDelayStrategy(0.05),
  });
  const finished = (iamWorkRequestId: string) => waiters.forIamWorkRequest({ iamWorkRequestId });
  const { Active, Inactive } = identity.models.Domain.LifecycleState;

  const { opcWorkRequestId } = await api.createDomain({ createDomainDetails: input.domain });
  const work = await finished(opcWorkRequestId);
  const domainId = work?.iamWorkRequest.resources?.[0]?.identifier as string;
  await waiters.forDomain({ domainId }, Active);
  const { compartmentId, displayName } = input.domain;
  const { items } = await api.listDomains({ compartmentId, displayName });

  const domain = new identitydomains.IdentityDomainsClient({ authenticationDetailsProvider }, configuration);
  domain.endpoint = items[0]?.url as string;
  await domain.createUser({ user: input.user });
  const created = [];
  for (const app of input.apps) created.push((await domain.createApp({ app })).app.id as string);
  const [appId = "", otherId = ""] = created;
  const { apps } = await domain.listApps({ filter: "active eq true", count: 10, startIndex: 1 });
  const deleteActiveApp = await failure(domain.deleteApp({ appId, forceDelete: true }));
  const deactivateWithActiveApps = await failure(api.deactivateDomain({ domainId }));

  const replace = {
    op: identitydomains.models.Operations.Op.Replace,
    path: "active",
    value: [false] as unknown as object,
  };
  const patched = await domain.patchApp({
    appId,
    patchOp: { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], operations: [replace] },
  });
  const changed = await domain.putAppStatusChanger({
    appStatusChangerId: otherId,
    appStatusChanger: { schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:AppStatusChanger"], active: false },
  });
  const read = await domain.getApp({ appId: otherId });
  for (const id of created) await domain.deleteApp({ appId: id, forceDelete: true });
  const getDeletedApp = await failure(domain.getApp({ appId }));

  await finished((await api.deactivateDomain({ domainId })).opcWorkRequestId);
  await waiters.forDomain({ domainId }, Inactive);
  await finished((await api.deleteDomain({ domainId })).opcWorkRequestId);
  const getDeletedDomain = await failure(api.getDomain({ domainId }));

  const report = {
    domains: items.map((item) => item.displayName),
    activeApps: apps.resources?.map((app) => app.displayName),
    deleteActiveApp,
    deactivateWithActiveApps,
    patched: patched.app.active,
    changed: [changed.appStatusChanger.active, read.app.active],
    getDeletedApp,
    getDeletedDomain,
  };
  process.stdout.write(JSON.stringify(report));
}

async function failure(call: Promise<unknown>): Promise<Failure | "no failure"> {
  try {
    await call;
    return "no failure";
  } catch (error) {
    const { statusCode, serviceCode } = error as Failure;
    return { statusCode, serviceCode };
  }
}

main();
