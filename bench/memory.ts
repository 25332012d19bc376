import { readFileSync } from 'node:fs';

/** Resident memory of a process in MB; NaN if the system does not report it. */
export function memory(pid: number): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
  } catch {
    return Number.NaN;
  }
}
