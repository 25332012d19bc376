import { rstrip } from '../python/strip.ts';

/**
 * The characters that Langflow treats as emoji: most of those after the Latin, Greek and Cyrillic scripts, also
 * Chinese.
 */
const EMOJIS = /[\u24C2-\u{10FFFF}]|\u200D|\u23CF|\u23E9|\u231A/gu;

/** The MCP form of a name: `Support desk!` -> `support_desk` (MCPPROJECTS-004). */
export function mcpName(name: string, maxLength = 46): string {
  if (name.trim() === '') return '';
  const plain = name
    .replaceAll(EMOJIS, '')
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/[^\p{L}\p{N}_\s-]/gu, '')
    .replaceAll(/[-\s]+/g, '_')
    .replaceAll(/_+/g, '_')
    .replaceAll(/^_|_$/g, '');
  const lower = (/^\p{Nd}/u.test(plain) ? `_${plain}` : plain).toLowerCase();
  const cut = lower.length > maxLength ? rstrip(lower.slice(0, maxLength), '_') : lower;
  return cut || 'unnamed';
}

const SERVER_NAME_LENGTH = 26;

/** The name of a project's MCP server: `lf-support_desk` (PROJECTS-011). */
export const mcpServerName = (project: string): string => `lf-${mcpName(project).slice(0, SERVER_NAME_LENGTH)}`;
