namespace Tandem.Sdk.Core;

internal sealed record ConnectionMigrationFeature(string? MigrateFrom, string? MigrateTo) : IConnectionMigrationFeature;
