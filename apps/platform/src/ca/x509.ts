// The library's dependency injection (tsyringe) refuses to load without this polyfill.
import 'reflect-metadata';

export * from '@peculiar/x509';
