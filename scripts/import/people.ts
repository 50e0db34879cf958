import { group as groupSchema, user as userSchema } from "../../config/domain";
import type { EnvironmentInput } from "../../config/environment";
import { maxDisplayName, stackTag } from "../../config/words";
import { type Found, type FoundGroup, type FoundUser, tagsOf } from "./found";
import { Keys } from "./keys";
import { type Notes, quoted } from "./notes";
import { mostMembers } from "./read";

type Users = NonNullable<EnvironmentInput["users"]>;
type Groups = NonNullable<EnvironmentInput["groups"]>;
type ByKey = Record<string, string>;

/** The users and groups that may use an app, as an environment file says them, with the ids to import them by. */
export interface People {
  readonly users: Users;
  readonly groups: Groups;
  readonly grantedTo: string[];
  readonly ids: { readonly users: ByKey; readonly groups: ByKey; readonly grants: ByKey };
  /** What was found of each. */
  readonly found: readonly (FoundUser | FoundGroup)[];
}

/** @param stack of which users and groups may carry the tag */
export function peopleOf({ app, grants, groups, users }: Found, stack: string, notes: Notes): People {
  const keys = new Keys();
  const people = {
    users: {} as Users,
    groups: {} as Groups,
    grantedTo: [] as string[],
    found: [] as People["found"][number][],
  };
  const ids = { users: {} as ByKey, groups: {} as ByKey, grants: {} as ByKey };
  /** Keys by id. */
  const known = new Map<string, string>();

  const addUser = (user: FoundUser): string | undefined => {
    const { said, reason } = sayUser(user, stack);
    if (!said || known.has(user.id)) return reason;
    const key = keys.of(user.userName.split("@")[0] ?? "", "user");
    known.set(user.id, key);
    people.users[key] = said;
    people.found.push(user);
    ids.users[key] = user.id;
    if (!user.emails.some(({ type }) => type === "recovery")) {
      notes.add(
        "changes",
        `user ${quoted(user.userName)} has no recovery email`,
        "the file says the work email",
        undefined,
      );
    }
    return undefined;
  };

  for (const group of groups) {
    const members = group.users ?? [];
    const reason = reasonAgainst(group, stack) ?? firstOf(members, (user) => sayUser(user, stack).reason);
    if (reason !== undefined) {
      const means = `it and its members stay as they are, and so does the grant of the app to it`;
      notes.add("stays", `group ${quoted(group.displayName)} is not written down: ${reason}`, means);
      continue;
    }
    members.forEach(addUser);
    const key = keys.of(group.displayName, "group");
    known.set(group.id, key);
    people.groups[key] = { displayName: group.displayName, members: members.flatMap(({ id }) => known.get(id) ?? []) };
    people.found.push(group);
    ids.groups[key] = group.id;
  }
  for (const user of users) {
    const reason = addUser(user);
    if (reason !== undefined) {
      const means = "the user stays as it is, and so does the grant of the app";
      notes.add("stays", `user ${quoted(user.userName)} is not written down: ${reason}`, means);
    }
  }
  for (const { id, grantMechanism, grantee, entitlement } of grants) {
    const key = known.get(grantee.value);
    const what = `${grantee.type.toLowerCase()} ${quoted(grantee.value)}`;
    const means = "it stays as it is; remove it in the console if nobody needs it";
    if (entitlement) {
      notes.add("stays", `a grant of a role of app ${quoted(app.displayName)} to ${what}`, means);
    } else if (grantMechanism !== `ADMINISTRATOR_TO_${grantee.type.toUpperCase()}`) {
      notes.add("stays", `a grant by ${quoted(grantMechanism)} of app ${quoted(app.displayName)} to ${what}`, means);
    } else if (key !== undefined && !Object.hasOwn(ids.grants, key)) {
      people.grantedTo.push(key);
      ids.grants[key] = id;
    } else if (key !== undefined || !/^(User|Group)$/.test(grantee.type)) {
      notes.add("stays", `a further grant of app ${quoted(app.displayName)} to ${what}`, means);
    }
  }
  return { ...people, ids };
}

/** Nobody is written down: who may use the app is a matter of the console. */
export function withoutPeople({ app, groups, users, grants }: Found, notes: Notes): People {
  const names = [...groups.map(({ displayName }) => displayName), ...users.map(({ userName }) => userName)];
  if (grants.length > 0) {
    const what = `app ${quoted(app.displayName)} is granted to ${names.map(quoted).join(", ") || "others"}`;
    notes.add("stays", what, "users, groups and grants are not written down (--no-people) and stay as they are");
  }
  return { users: {}, groups: {}, grantedTo: [], ids: { users: {}, groups: {}, grants: {} }, found: [] };
}

function sayUser(user: FoundUser, stack: string): { said?: Users[string]; reason?: string } {
  const owner = ownerOf(user, stack);
  if (owner !== undefined) return { reason: `stack ${owner} owns user ${user.userName}` };
  const of = (wanted: string) => user.emails.filter(({ type }) => type === wanted);
  const [[work, ...moreWork], [recovery, ...moreRecovery]] = [of("work"), of("recovery")];
  const others = user.emails.filter(({ type }) => type !== "work" && type !== "recovery");
  if (others.length + moreWork.length + moreRecovery.length > 0 || !work?.primary || recovery?.primary) {
    return {
      reason: `user ${user.userName} has other emails than a primary one for work and one for recovery, and the file could not keep them`,
    };
  }
  const said = {
    userName: user.userName,
    givenName: user.name?.givenName ?? "",
    familyName: user.name?.familyName ?? "",
    workEmail: work.value,
    ...(recovery && recovery.value !== work.value && { recoveryEmail: recovery.value }),
  };
  const problem = userSchema.safeParse(said).error?.issues[0];
  return problem ? { reason: `${problem.path.join(".")} of user ${user.userName} ${problem.message}` } : { said };
}

function reasonAgainst(group: FoundGroup, stack: string): string | undefined {
  const owner = ownerOf(group, stack);
  if (owner !== undefined) return `stack ${owner} owns it`;
  if (group.displayName.length > maxDisplayName) return `its name has more than ${maxDisplayName} characters`;
  if (group.users === undefined)
    return `it has ${group.members.length} members, and at most ${mostMembers} are written down`;
  if (group.users.length !== group.members.length) return "not all of its members are users that can be read";
  return groupSchema.safeParse({ displayName: group.displayName }).error?.issues[0]?.message;
}

/** The stack that owns something in the domain, if it is another one. */
export function ownerOf(found: Parameters<typeof tagsOf>[0], stack: string): string | undefined {
  const owner = tagsOf(found).find(([key]) => key === stackTag)?.[1];
  return owner === stack ? undefined : owner;
}

/** The first reason that one of them gives. */
function firstOf<T>(items: readonly T[], reason: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = reason(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
