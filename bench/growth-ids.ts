/** Ids of rows that are stored before a measurement, so that requests can name them. */
export const flowId = (index: number): string => `00000000-0000-4000-8000-00${String(index).padStart(10, '0')}`;

export const PROJECT_ID = '00000000-0000-4000-9000-000000000000';
/** Messages in each session: `session 0`, `session 1`, … */
export const SESSION_LENGTH = 10;
