import { Refusal } from "./http";
import { newOcid } from "./identifiers";

export interface Operation {
  operationType: string;
  compartmentId: string;
  domainId: string;
  /** What the work request says was done to the domain. The provider waits for UPDATED after a delete, too. */
  actionType: "CREATED" | "UPDATED";
  /** Carries the operation out when its time has come; what it throws becomes the work request's error. */
  finish: () => void | Promise<void>;
}

interface WorkRequestError {
  code: string;
  message: string;
  timestamp: string;
}

interface WorkRequest {
  view: Record<string, unknown>;
  errors: WorkRequestError[];
}

/** Asynchronous operations: accepted at once, carried out after a while. */
export class WorkRequests {
  private readonly requests = new Map<string, WorkRequest>();
  private readonly timers = new Set<NodeJS.Timeout>();

  /** @param millis how long a work request stays IN_PROGRESS */
  constructor(private readonly millis: number | ((operationType: string) => number)) {}

  /** Starts an operation and returns the id of its work request. */
  start({ operationType, compartmentId, domainId, actionType, finish }: Operation): string {
    const id = newOcid("iamworkrequest");
    const resource = {
      entityType: "domain",
      actionType: "IN_PROGRESS",
      identifier: domainId,
      entityUri: `/20160918/domains/${domainId}`,
    };
    const now = new Date().toISOString();
    const request: WorkRequest = {
      view: {
        id,
        operationType,
        status: "IN_PROGRESS",
        compartmentId,
        resources: [resource],
        percentComplete: 0,
        timeAccepted: now,
        timeStarted: now,
      },
      errors: [],
    };
    this.requests.set(id, request);
    const timer = setTimeout(
      async () => {
        this.timers.delete(timer);
        try {
          await finish();
          resource.actionType = actionType;
          Object.assign(request.view, { status: "SUCCEEDED", percentComplete: 100 });
        } catch (error) {
          const timestamp = new Date().toISOString();
          const refusal = error instanceof Refusal ? (error.reply.body as { code?: string }) : {};
          request.errors.push({
            code: refusal.code ?? "InternalServerError",
            message: (error as Error).message,
            timestamp,
          });
          request.view.status = "FAILED";
        }
        // Only now: Oracle's TypeScript waiter takes a work request with timeFinished for a finished one.
        request.view.timeFinished = new Date().toISOString();
      },
      typeof this.millis === "number" ? this.millis : this.millis(operationType),
    ).unref();
    this.timers.add(timer);
    return id;
  }

  /** The work request as the API shows it. */
  get(id: string): Record<string, unknown> | undefined {
    return this.requests.get(id)?.view;
  }

  errors(id: string): WorkRequestError[] | undefined {
    return this.requests.get(id)?.errors;
  }

  /** Forgets what is still in progress. */
  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}
