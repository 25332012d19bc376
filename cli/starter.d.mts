export function endWithStarter(env?: NodeJS.ProcessEnv): Promise<void>;
export function takeSignalsAsFirstProcess(pid?: number): void;
