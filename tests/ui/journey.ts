import type { Step } from './step.ts';
import { canvasSteps } from './steps/canvas.ts';
import { modelSteps } from './steps/model.ts';
import { projectSteps } from './steps/project.ts';
import { settingsSteps } from './steps/settings.ts';
import { sharingSteps } from './steps/sharing.ts';
import { startSteps } from './steps/start.ts';

/** What a new user does in the UI. */
export const STEPS: Step[] = [
  ...startSteps,
  ...canvasSteps,
  ...modelSteps,
  ...sharingSteps,
  ...projectSteps,
  ...settingsSteps,
];
