export function endWithStarter(env?: NodeJS.ProcessEnv): void;
export function takeSignalsAsFirstProcess(pid?: number): void;
