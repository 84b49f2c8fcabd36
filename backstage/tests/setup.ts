import { vi } from 'vitest';

// Backstage's test utilities are written for Jest, whose mocks Vitest's have the interface of.
Object.assign(globalThis, { jest: vi });
