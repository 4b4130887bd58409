// A page of the jQuery days: generated hub proxies, callbacks on the hub's client, one connection for the page.
$(function () {
  var query = {};
  location.search.substr(1).split('&').forEach(function (part) {
    var pair = part.split('=');
    query[decodeURIComponent(pair[0])] = decodeURIComponent((pair[1] || '').replace(/\+/g, ' '));
  });

  var hub = $.connection.chatHub;
  var connection = $.connection.hub;
  var groups = [];   // of this page; they outlive a connection, so that a new one can join them again
  var people = {};   // by connection id
  var me = null;
  var stateNames = { 0: 'Connecting', 1: 'Connected', 2: 'Reconnecting', 4: 'Disconnected' };

  connection.qs = { name: query.name || 'guest ' + Math.floor(Math.random() * 900 + 100) };

  hub.client.message = function (message) { showMessage(message); };
  hub.client.arrived = function (person) {
    // Whoever comes back from an app server that was stopped has a new connection id, and nobody said that the old one is gone.
    $.each(people, function (id, other) { if (other.name === person.name && !(me && me.connectionId === id)) { delete people[id]; } });
    people[person.connectionId] = person;
    showPeople();
    showNotice(person.name + ' arrived');
    if (me) { attempt(hub.server.greet(person.connectionId)); }
  };
  hub.client.here = function (person) { people[person.connectionId] = person; showPeople(); };
  hub.client.left = function (person) { delete people[person.connectionId]; showPeople(); showNotice(person.name + ' left'); };
  hub.client.groupsChanged = function (person) { people[person.connectionId] = person; showPeople(); };

  connection.stateChanged(function (change) { showState(stateNames[change.newState]); });
  connection.reconnecting(function () { showNotice('Connection lost, reconnecting…'); });
  connection.reconnected(function () { showNotice('Back again'); introduce(); }); // perhaps at another app server, which knows nobody yet
  connection.disconnected(function () {
    me = null;
    people = {};
    showPeople();
    showNotice('You disconnected');
    $('#me').text('');
    $('#connection-id, #transport, #gateway').text('–');
  });
  connection.error(function (error) { showNotice(error.message, true); });

  $('#toggle').click(function () {
    if (connection.state === $.signalR.connectionState.disconnected) { start(); } else { connection.stop(); }
  });
  $('#composer').submit(function () {
    var text = $.trim($('#text').val()), group = $('#target').val();
    if (text !== '') {
      $('#text').val('');
      attempt(group ? hub.server.sendToGroup(group, text) : hub.server.sendToEveryone(text));
    }
    return false;
  });
  $('#join-form').submit(function () {
    var group = $.trim($('#group-name').val());
    if (group !== '') {
      $('#group-name').val('');
      attempt(hub.server.joinGroup(group)).done(function () {
        if ($.inArray(group, groups) < 0) { groups.push(group); }
        showGroups();
        showNotice('You joined #' + group);
      });
    }
    return false;
  });

  // Where the page belonging to ASP.NET Core is, if the demo runs both.
  $.getJSON('demo.json').done(function (demo) { $('#core-tab').attr('href', demo.corePage).prop('hidden', !demo.corePage); });

  showState('Disconnected');
  start();

  function start() {
    showState('Connecting');
    connection.start({ transport: query.transport ? query.transport.charAt(0).toLowerCase() + query.transport.slice(1) : undefined })
      .done(introduce)
      .fail(function (error) { showState('Disconnected'); showNotice('No connection: ' + error.message, true); });
  }

  function introduce() {
    var joined = groups.map(function (group) { return hub.server.joinGroup(group); });
    $.when.apply($, joined).then(function () { return hub.server.whoAmI(); }).then(function (person) {
      me = person;
      return hub.server.listPresence();
    }).done(function (all) {
      all.forEach(function (person) { people[person.connectionId] = person; });
      $('#me').text('as ' + me.name);
      $('#connection-id').text(connection.id);
      $('#transport').text(connection.transport.name.charAt(0).toUpperCase() + connection.transport.name.slice(1));
      $('#gateway').text(connection.baseUrl + connection.appRelativeUrl);
      showPeople();
      showGroups();
      showNotice('You are connected as ' + me.name);
    }).fail(function (error) { showNotice(error.message, true); });
  }

  function attempt(call) {
    return call.fail(function (error) { showNotice(error.message, true); });
  }

  function addLine(line) {
    var messages = $('#messages')[0];
    $(messages).append(line);
    messages.scrollTop = messages.scrollHeight;
  }

  // Everything that came from somebody else enters the page as text, never as HTML.
  function showMessage(message) {
    var mine = me && message.from.connectionId === me.connectionId;
    var meta = $('<span class="meta">').text(mine ? 'You' : message.from.name);
    if (message.group) { meta.append($('<span class="group">').text('#' + message.group)); }
    addLine($('<li class="message">').toggleClass('mine', Boolean(mine)).append(meta, $('<span class="text">').text(message.text)));
  }

  function showNotice(text, isError) {
    addLine($('<li class="notice">').toggleClass('error', Boolean(isError)).text(text));
  }

  function showState(state) {
    $('#state').attr('data-state', state).text(state + (state === 'Connecting' || state === 'Reconnecting' ? '…' : ''));
    $('#toggle').text(state === 'Disconnected' ? 'Reconnect' : 'Disconnect');
    $('#text, #send, #target, #group-name, #join').prop('disabled', state !== 'Connected');
  }

  function showGroups() {
    var chosen = $('#target').val();
    $('#groups').empty().append(groups.map(function (group) {
      var leave = $('<button type="button">×</button>').attr('aria-label', 'Leave ' + group).click(function () {
        attempt(hub.server.leaveGroup(group)).done(function () {
          groups = groups.filter(function (name) { return name !== group; });
          showGroups();
          showNotice('You left #' + group);
        });
      });
      return $('<li>').text(group).append(leave);
    }));
    $('#target').empty().append($('<option value="">Everyone</option>'), groups.map(function (group) {
      return $('<option>').val(group).text('#' + group);
    })).val($.inArray(chosen, groups) < 0 ? '' : chosen);
  }

  function showPeople() {
    var all = $.map(people, function (person) { return person; });
    all.sort(function (a, b) { return a.name.localeCompare(b.name); });
    $('#people-count').text(all.length);
    $('#people').empty().append(all.map(function (person) {
      return $('<li>').toggleClass('me-too', Boolean(me) && person.connectionId === me.connectionId).append(
        $('<span class="name">').text(person.name),
        $('<span class="groups">').text(person.groups.map(function (group) { return '#' + group; }).join(' ')));
    }));
  }
});
