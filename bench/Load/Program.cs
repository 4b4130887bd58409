using Tandem.Load;

return await LoadCommand.Create(LoadRun.RunAsync).Parse(args).InvokeAsync();
