/** Of a test's own connections: a machine that takes seconds to let one in, or to answer, is slow, and the test is not about that. */
export const PATIENT = { acquireTimeoutMs: 60_000, statementTimeoutMs: 120_000 } as const;

/** The same of an app. */
export const PATIENT_WAITS = {
  ...PATIENT,
  lockTimeoutMs: PATIENT.acquireTimeoutMs,
  silence: { tickMs: 250, ticksMax: PATIENT.statementTimeoutMs / 250 },
  lookUpWithinMs: PATIENT.acquireTimeoutMs,
  loadWithinMs: PATIENT.statementTimeoutMs,
  turnWithinMs: PATIENT.statementTimeoutMs,
  orderWaitMaxMs: PATIENT.statementTimeoutMs,
  providerWithinMs: PATIENT.statementTimeoutMs,
} as const;
