using Tandem.Compat.Clients;

await Driver.RunAsync((settings, see) => new CoreMember(settings, see));
